//! Dates, sums, shares, results, articles of law: as Italian papers write them.

use crate::annotation::{AnnotationRule, Begins, Decimal, Found, Place};
use crate::document::AnnotationKind;
use crate::rule::RuleId;
use crate::sentence::ValueClass;

/// Rows in the order in which they are asked: what is told by more comes first.
pub(super) const RULES: &[AnnotationRule] = &[
    AnnotationRule {
        id: RuleId::new("it.annotation.phone"),
        kind: AnnotationKind::Phone,
        keep: true,
        why: "Figures in groups with a country code, or that begin like an Italian number behind «tel.» and the like, are a telephone number.",
        examples: &[
            ("Chiamate il ⟦+39 06 1234567⟧.", "+39061234567"),
            ("Info: tel. ⟦0432-123456⟧.", "0432123456"),
            ("Il numero verde ⟦800 123 456⟧ è attivo.", "800123456"),
        ],
        begins: Begins::Sign("+0123456789"),
        finds: phone,
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.date-words"),
        kind: AnnotationKind::Date,
        keep: false,
        why: "A day with its month, and a month with its year, are a date.",
        examples: &[
            ("Il ⟦12 settembre 2023⟧ è partito.", "2023-09-12"),
            ("Il ⟦12 set. 2023⟧ è partito.", "2023-09-12"),
            ("Il ⟦1° maggio⟧ si riposa.", "--05-01"),
        ],
        begins: Begins::Figure,
        finds: |at| {
            let (day, length) = at.figures_at(0).filter(|(day, _)| (1..=31).contains(day))?;
            let sign = at.rest().get(length..)?.chars().next().filter(|c| "°º".contains(*c));
            let from = length + sign.map_or(0, char::len_utf8);
            let (month, end) = month_at(at, from)?;
            match year_at(at, end) {
                Some((year, end)) => Found::valued(end, format!("{year:04}-{month}-{day:02}")),
                None => Found::valued(end, format!("--{month}-{day:02}")),
            }
        },
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.month-year"),
        kind: AnnotationKind::Date,
        keep: false,
        why: "A month with its year is a date.",
        examples: &[("Da ⟦settembre 2023⟧ cambia tutto.", "2023-09")],
        begins: Begins::Letter,
        finds: |at| {
            let (_, word) = at.word_at(0)?;
            // A short form is a word as well (`set`, `mar`): with a day only.
            let month = at.value(word, ValueClass::Month).filter(|_| word.len() > 4)?;
            let (year, end) = year_at(at, word.len())?;
            Found::valued(end, format!("{year:04}-{month}"))
        },
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.date-figures"),
        kind: AnnotationKind::Date,
        keep: false,
        why: "Day, month and year in figures with the same sign between them are a date.",
        examples: &[
            ("Scade il ⟦12/09/2023⟧.", "2023-09-12"),
            ("Scade il ⟦12.9.23⟧.", "2023-09-12"),
            ("Voce del ⟦2023-09-12⟧.", "2023-09-12"),
        ],
        begins: Begins::Figure,
        finds: date_in_figures,
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.time"),
        kind: AnnotationKind::Time,
        keep: false,
        why: "Hours and minutes with a colon, or with a stop behind «ore» and «alle», are a time.",
        examples: &[
            ("Il via alle ⟦14.30⟧ di oggi.", "14:30"),
            ("Alle ore ⟦9⟧ si parte.", "09:00"),
            ("Inizio: ⟦21:45⟧.", "21:45"),
        ],
        begins: Begins::Figure,
        finds: time,
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.percentage"),
        kind: AnnotationKind::Percentage,
        keep: false,
        why: "A number before % or «per cento» is a share.",
        examples: &[("Cresce del ⟦2,5%⟧ in un anno.", "2.5"), ("Il ⟦40 per cento⟧ dice no.", "40")],
        begins: Begins::Figure,
        finds: |at| {
            let (number, length) = at.number()?;
            let rest = at.rest().get(length..)?;
            let trimmed = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
            let gap = rest.len() - trimmed.len();
            let mark = ["%", "‰", "per cento", "percento"]
                .iter()
                .find(|mark| gap <= 2 && trimmed.starts_with(**mark))?;
            Found::valued(length + gap + mark.len(), number)
        },
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.sum"),
        kind: AnnotationKind::Currency,
        keep: false,
        why: "A number before the name or sign of a currency is a sum.",
        examples: &[
            ("Costa ⟦10 mila euro⟧ a testa.", "10000 EUR"),
            ("Un buco da ⟦1,5 miliardi di dollari⟧.", "1500000000 USD"),
            ("Un buco da ⟦3 mln. di euro⟧ nei conti.", "3000000 EUR"),
            ("Il prezzo è ⟦1.250,50 €⟧.", "1250.5 EUR"),
        ],
        begins: Begins::Figure,
        finds: |at| {
            let (number, length) = scaled(at, 0)?;
            let (code, end) = currency_at(at, length)?;
            Found::valued(end, format!("{number} {code}"))
        },
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.sum-with-sign"),
        kind: AnnotationKind::Currency,
        keep: false,
        why: "A number behind the sign of a currency is a sum.",
        examples: &[("Vale ⟦$ 3 milioni⟧ in tutto.", "3000000 USD"), ("Paga ⟦€50⟧.", "50 EUR")],
        begins: Begins::Sign("€$£¥₽₴₺₹₩"),
        finds: |at| {
            let sign = at.rest().chars().next()?;
            let code = at.value(sign.encode_utf8(&mut [0; 4]), ValueClass::Currency)?;
            let rest = at.rest().get(sign.len_utf8()..)?;
            let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
            let (number, end) = scaled(at, sign.len_utf8() + gap)?;
            (gap <= 3).then(|| Found::valued(end, format!("{number} {code}")))?
        },
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.measure"),
        kind: AnnotationKind::Measure,
        keep: false,
        why: "A number before a unit is a measure.",
        examples: &[
            ("Ha corso ⟦42,195 km⟧ in due ore.", "42.195 km"),
            ("Un lago di ⟦3 mila ettari⟧.", "3000 ha"),
            ("Oggi ⟦38 °C⟧ all'ombra.", "38 Cel"),
        ],
        begins: Begins::Figure,
        finds: |at| {
            let (number, length) = scaled(at, 0)?;
            if let Some(degrees) = degrees_at(at, length) {
                return Found::valued(length + degrees, format!("{number} Cel"));
            }
            let (from, word) = at.word_at(length)?;
            let unit = at.value(word, ValueClass::Unit)?;
            // One letter is a unit only as it is written: `5 m`, not `5 M`.
            let exact = word.len() > 1 || word.chars().all(char::is_lowercase);
            let hour = at.rest().get(from + word.len()..)?.strip_prefix("/h").map_or(0, |_| 2);
            let unit = if hour > 0 { format!("{unit}/h") } else { unit.to_owned() };
            exact.then(|| Found::valued(from + word.len() + hour, format!("{number} {unit}")))?
        },
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.score"),
        kind: AnnotationKind::Score,
        keep: true,
        why: "Two small numbers with a dash are a result, unless they count something.",
        examples: &[("Finisce ⟦2-1⟧ per l'Inter.", "2-1"), ("Vince ⟦80-75⟧ la Virtus.", "80-75")],
        begins: Begins::Figure,
        finds: |at| {
            let (home, first) =
                at.figures_at(0).filter(|(home, length)| *length <= 3 && *home < 200)?;
            let dash = at.rest().get(first..)?.chars().next().filter(|c| "-–".contains(*c))?;
            let from = first + dash.len_utf8();
            let (away, second) =
                at.figures_at(from).filter(|(_, length)| (1..=3).contains(length))?;
            let end = from + second;
            let rest = at.rest().get(end..)?;
            let longer = rest.starts_with(['-', '–', '/', '%', '°'])
                || rest.starts_with([',', '.'])
                    && rest.get(1..)?.starts_with(|c: char| c.is_ascii_digit())
                || at.goes_on_at(end);
            let counted = at.word_at(end).is_some_and(|(_, word)| counts(at, word));
            let years = first == 2 && second == 2 && away == home + 1;
            (!longer && !counted && !years).then(|| Found::valued(end, format!("{home}-{away}")))?
        },
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.article-of-law"),
        kind: AnnotationKind::LegalReference,
        keep: false,
        why: "«art.» or «articolo» with a number, its paragraph and its code refer to a law.",
        examples: &[
            ("Indagato per l'⟦art. 416 bis c.p.⟧ da ieri.", ""),
            ("Viola l'⟦articolo 21 della Costituzione⟧, dice.", ""),
            ("Gli ⟦artt. 1 e 2⟧ restano.", ""),
        ],
        begins: Begins::Letter,
        finds: article_of_law,
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.law"),
        kind: AnnotationKind::LegalReference,
        keep: false,
        why: "A law, decree, directive or judgment with its number is a legal reference.",
        examples: &[
            ("La ⟦legge 104/1992⟧ lo prevede.", ""),
            ("Il ⟦d.lgs. n. 231/2001⟧ è chiaro.", ""),
            ("La ⟦sentenza n. 123 del 2020⟧ dice altro.", ""),
        ],
        begins: Begins::Letter,
        finds: law,
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.agency"),
        kind: AnnotationKind::Agency,
        keep: true,
        why: "The name of a news or picture agency is the same in every language.",
        examples: &[("ROMA (⟦ANSA⟧) - Il premier parte.", ""), ("Lo dice la ⟦Reuters⟧ oggi.", "")],
        begins: Begins::Letter,
        finds: |at| {
            let (_, word) = at.word_at(0)?;
            at.value(word, ValueClass::Agency)?;
            Found::plain(word.len())
        },
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.acronym"),
        kind: AnnotationKind::Acronym,
        keep: false,
        why: "Two to six capitals, with stops or without, stand for a name, where not all is in capitals.",
        examples: &[("Lo dice l'⟦INPS⟧ in una nota.", ""), ("Lo dice l'⟦O.N.U.⟧ in una nota.", "")],
        begins: Begins::Capital,
        finds: acronym,
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.number"),
        kind: AnnotationKind::Number,
        keep: false,
        why: "Figures that are nothing else are a number.",
        examples: &[
            ("Erano ⟦1.500⟧ in piazza.", "1500"),
            ("Sono ⟦3 milioni⟧ gli iscritti.", "3000000"),
            ("Erano in ⟦12mila⟧ allo stadio.", "12000"),
            ("Esce la versione ⟦1.2.3⟧ del programma.", ""),
        ],
        begins: Begins::Figure,
        finds: |at| {
            let Some((number, length)) = scaled(at, 0) else {
                // A version, an address of the net: figures with more stops than a number has.
                let rest = at.rest();
                let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'));
                let figures = rest.get(..end.unwrap_or(rest.len()))?.trim_end_matches('.');
                return Found::plain(figures.len());
            };
            (!at.goes_on_at(length)).then(|| Found::valued(length, number))?
        },
    },
];

/// The number at `from` with the word that multiplies it: `10 mila`, `12mila`, `1,5 milioni`.
fn scaled(at: &Place<'_>, from: usize) -> Option<(Decimal, usize)> {
    let (number, length) = at.number_at(from)?;
    let mut end = from + length;
    let mut number = number;
    while let Some((start, word)) = at.word_at(end) {
        let Some(zeros) = at.value(word, ValueClass::Scale) else { break };
        number = number.shifted(zeros.parse().ok()?);
        end = start + word.len();
        // The stop of `mln.` and `mld.` belongs to them where the sentence goes on.
        let rest = at.rest().get(end..).and_then(|rest| rest.strip_prefix(". "));
        if word.len() == 3 && rest.is_some_and(|rest| rest.starts_with(char::is_lowercase)) {
            end += 1;
        }
    }
    Some((number, end))
}

/// The currency at `from`, over «di» and a space.
fn currency_at<'a>(at: &Place<'a>, from: usize) -> Option<(&'a str, usize)> {
    let rest = at.rest().get(from..)?;
    let trimmed = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let trimmed = trimmed.strip_prefix("di ").unwrap_or(trimmed);
    let gap = rest.len() - trimmed.len();
    let first = trimmed.chars().next()?;
    let end = trimmed.find(|c: char| !c.is_alphabetic()).unwrap_or(trimmed.len());
    let word = trimmed.get(..end.max(first.len_utf8()))?;
    let code = at.value(word, ValueClass::Currency)?;
    (gap <= 6).then_some((code, from + gap + word.len()))
}

fn month_at<'a>(at: &Place<'a>, from: usize) -> Option<(&'a str, usize)> {
    let (start, word) = at.word_at(from).filter(|(start, _)| *start > from)?;
    let month = at.value(word, ValueClass::Month)?;
    let mut end = start + word.len();
    // The stop of a short month belongs to it where the year follows.
    let stop = at.rest().get(end..).is_some_and(|rest| rest.starts_with('.'));
    if stop && word.len() <= 4 && year_at(at, end + 1).is_some() {
        end += 1;
    }
    Some((month, end))
}

/// A year over one space, at most «del» before it.
fn year_at(at: &Place<'_>, from: usize) -> Option<(u32, usize)> {
    let rest = at.rest().get(from..)?;
    let trimmed = rest.strip_prefix([' ', '\u{a0}'])?;
    let trimmed = trimmed.strip_prefix("del ").unwrap_or(trimmed);
    let start = from + rest.len() - trimmed.len();
    let (year, length) = at.figures_at(start)?;
    let end = start + length;
    (length == 4 && (1000..=2199).contains(&year) && !at.goes_on_at(end)).then_some((year, end))
}

fn date_in_figures(at: &Place<'_>) -> Option<Found> {
    let (first, first_length) = at.figures_at(0)?;
    let sign = at.rest().get(first_length..)?.chars().next().filter(|c| "/.-".contains(*c))?;
    let (second, second_length) = at.figures_at(first_length + 1).filter(|(_, l)| *l <= 2)?;
    let middle = first_length + 1 + second_length;
    at.rest().get(middle..)?.strip_prefix(sign)?;
    let (third, third_length) = at.figures_at(middle + 1)?;
    let end = middle + 1 + third_length;
    let (year, month, day) = match (first_length, third_length) {
        (4, 1..=2) => (first, second, third),
        (1..=2, 4) => (third, second, first),
        (1..=2, 2) if third < 70 => (2000 + third, second, first),
        (1..=2, 2) => (1900 + third, second, first),
        _ => return None,
    };
    let real = (1..=12).contains(&month) && (1..=31).contains(&day) && year >= 1000;
    (real && !at.goes_on_at(end))
        .then(|| Found::valued(end, format!("{year:04}-{month:02}-{day:02}")))?
}

fn time(at: &Place<'_>) -> Option<Found> {
    let (hour, length) = at.figures_at(0).filter(|(hour, length)| *hour < 25 && *length <= 2)?;
    let before = at.word_before().to_lowercase();
    let hours = matches!(before.as_str(), "ore" | "h" | "h.");
    let towards = matches!(before.as_str(), "alle" | "dalle" | "le" | "all" | "delle" | "entro");
    let sign = at.rest().get(length..)?.chars().next().filter(|c| ".:,".contains(*c));
    let minutes = sign.and_then(|_| at.figures_at(length + 1)).filter(|(m, l)| *m < 60 && *l == 2);
    match (sign, minutes) {
        (Some(sign), Some((minute, more))) => {
            let end = length + 1 + more;
            let said = sign == ':' || hours || towards && sign == '.';
            let counted = at.word_at(end).is_some_and(|(_, word)| counts(at, word));
            let goes_on = at.goes_on_at(end)
                || at.rest().get(end..)?.starts_with([':', '%', '€'])
                || at
                    .rest()
                    .get(end..)?
                    .strip_prefix(['.', ','])
                    .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            (said && !counted && !goes_on)
                .then(|| Found::valued(end, format!("{hour:02}:{minute:02}")))?
        }
        _ if hours && !at.goes_on_at(length) => Found::valued(length, format!("{hour:02}:00")),
        _ => None,
    }
}

/// Whether `word` says what is counted: a unit, a currency, a scale.
fn counts(at: &Place<'_>, word: &str) -> bool {
    const COUNTED: &[&str] =
        &["anni", "giorni", "ore", "minuti", "persone", "mesi", "settimane", "volte", "punti"];
    [ValueClass::Unit, ValueClass::Currency, ValueClass::Scale, ValueClass::Month]
        .iter()
        .any(|class| at.value(word, *class).is_some())
        || COUNTED.contains(&word)
        || word == "per" && at.rest().contains("per cento")
}

fn phone(at: &Place<'_>) -> Option<Found> {
    let rest = at.rest();
    let sign = rest.starts_with('+');
    let mut figures = String::new();
    let mut end = usize::from(sign);
    let mut groups = 1;
    let mut chars = rest.char_indices().skip(usize::from(sign)).peekable();
    while let Some((place, c)) = chars.next() {
        if c.is_ascii_digit() {
            figures.push(c);
            end = place + 1;
        } else {
            let digit = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
            if !(digit && matches!(c, ' ' | '-' | '.' | '/' | '\u{a0}')) || figures.is_empty() {
                break;
            }
            groups += 1;
        }
    }
    let before = at.before().trim_end().to_lowercase();
    let cue =
        ["tel.", "tel", "telefono", "cell.", "cellulare", "numero", "verde", "fax", "whatsapp"]
            .iter()
            .any(|cue| before.trim_end_matches(':').ends_with(cue));
    let italian = figures.starts_with(['0', '3']) || figures.starts_with("800");
    let long = (7..=13).contains(&figures.len()) && groups <= 6;
    let known = sign && figures.len() >= 9 || italian && cue;
    let value = if sign { format!("+{figures}") } else { figures };
    (long && known && !at.goes_on_at(end)).then(|| Found::valued(end, value))?
}

fn article_of_law(at: &Place<'_>) -> Option<Found> {
    let rest = at.rest();
    let head = ["art. ", "artt. ", "Art. ", "Artt. ", "articolo ", "articoli ", "Articolo "]
        .iter()
        .find(|head| rest.starts_with(**head))?;
    let mut end = head.len();
    let (_, length) = at.figures_at(end)?;
    end += length;
    // What may go on the reference; the longest first.
    const PARTS: &[&str] = &[
        "-bis",
        "-ter",
        "-quater",
        " bis",
        " ter",
        " quater",
        " comma ",
        ", comma ",
        " co. ",
        " e ",
        ", ",
        " lett. ",
        ", lett. ",
        " c.p.p.",
        " c.p.c.",
        " c.p.",
        " c.c.",
        " Cost.",
        " del codice penale",
        " del codice civile",
        " della Costituzione",
        " della legge",
    ];
    let mut parts = 0;
    while parts < 8
        && let Some(part) =
            PARTS.iter().find(|part| rest.get(end..).is_some_and(|rest| rest.starts_with(**part)))
    {
        let after = end + part.len();
        let needs_figure = part.ends_with(' ') && !part.contains("lett");
        let more = at.figures_at(after).map_or(0, |(_, length)| length);
        let letter = rest.get(after..)?.chars().next().filter(|_| part.contains("lett"));
        if needs_figure && more == 0 || part.contains("lett") && letter.is_none() {
            break;
        }
        end = after + if needs_figure { more } else { letter.map_or(0, char::len_utf8) };
        parts += 1;
    }
    Found::plain(end)
}

fn law(at: &Place<'_>) -> Option<Found> {
    const HEADS: &[&str] = &[
        "legge ",
        "decreto legge ",
        "decreto-legge ",
        "decreto legislativo ",
        "d.lgs. ",
        "D.Lgs. ",
        "D.lgs. ",
        "d.l. ",
        "D.L. ",
        "D.P.R. ",
        "d.P.R. ",
        "Dpr ",
        "D.M. ",
        "d.m. ",
        "Dpcm ",
        "direttiva ",
        "regolamento ",
        "sentenza ",
        "ordinanza ",
        "L. ",
        "l. ",
    ];
    let rest = at.rest();
    let head = HEADS.iter().find(|head| rest.starts_with(**head))?;
    let mut end = head.len();
    for prefix in ["(UE) ", "n. ", "n.", "nr. "] {
        if rest.get(end..)?.starts_with(prefix) {
            end += prefix.len();
        }
    }
    let (_, length) = at.figures_at(end)?;
    end += length;
    let tail = rest.get(end..)?;
    if let Some(year) = tail.strip_prefix('/') {
        let (_, length) = at.figures_at(end + 1).filter(|(_, length)| matches!(length, 2..=4))?;
        let suffix = year.get(length..)?;
        let suffix = ["/CE", "/UE", "/CEE"].iter().find(|code| suffix.starts_with(**code));
        return Found::plain(end + 1 + length + suffix.map_or(0, |code| code.len()));
    }
    if let Some((_, end)) = year_at(at, end) {
        return Found::plain(end);
    }
    // `legge 3` alone may be anything; with «n.» it is a reference.
    rest.get(..end)?.contains("n.").then(|| Found::plain(end))?
}

fn acronym(at: &Place<'_>) -> Option<Found> {
    let rest = at.rest();
    let mut letters = 0;
    let mut end = 0;
    let mut stops = 0;
    for c in rest.chars() {
        if c.is_uppercase() || c.is_ascii_digit() && letters > 0 {
            letters += 1;
        } else if c == '.' && stops + 1 == letters {
            stops += 1;
        } else {
            break;
        }
        end += c.len_utf8();
    }
    let dotted = stops == letters;
    let plain = stops == 0 || stops == 1 && rest.get(..end)?.ends_with('.');
    if plain && stops == 1 {
        end -= 1;
    }
    let word = rest.get(..end)?;
    let numeral = word.chars().all(|c| "IVXLCDM".contains(c));
    let fits = (2..=6).contains(&letters) && (dotted || plain) && !numeral;
    (fits && !at.goes_on_at(end) && !at.among_capitals()).then(|| Found::plain(end))?
}

/// Length of ` °C` at `from`.
fn degrees_at(at: &Place<'_>, from: usize) -> Option<usize> {
    let rest = at.rest().get(from..)?;
    let sign = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let after = sign.strip_prefix("°C").or_else(|| sign.strip_prefix("° C"))?;
    let end = rest.len() - after.len();
    (!after.starts_with(char::is_alphanumeric)).then_some(end)
}
