//! Dates, sums, shares, results, articles of law: as Italian papers write them.

mod code;
mod law;
mod measure;
mod when;

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
        finds: code::phone,
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
            let (month, end) = when::month_at(at, from)?;
            match when::year_at(at, end) {
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
            let (year, end) = when::year_at(at, word.len())?;
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
        finds: when::date_in_figures,
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
            ("Si vota dalle ⟦8⟧ alle 22 di domenica.", "08:00"),
        ],
        begins: Begins::Figure,
        finds: when::time,
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.year"),
        kind: AnnotationKind::Date,
        keep: false,
        why: "Four figures behind a preposition that goes with years, or alone in brackets, are a year.",
        examples: &[
            ("È morto nel ⟦2012⟧ a Roma.", "2012"),
            ("Rossi (⟦1998⟧) è di Bari.", "1998"),
            ("Il bilancio ⟦2024⟧ è in rosso.", "2024"),
        ],
        begins: Begins::Figure,
        finds: when::year,
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.percentage"),
        kind: AnnotationKind::Percentage,
        keep: false,
        why: "A number before % or «per cento» is a share.",
        examples: &[("Cresce del ⟦2,5%⟧ in un anno.", "2.5"), ("Il ⟦40 per cento⟧ dice no.", "40")],
        begins: Begins::Figure,
        finds: |at| measure::share(at, 0),
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
            ("Vale ⟦64.000 franchi svizzeri⟧ oggi.", "64000 CHF"),
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
            ("Una casa di ⟦90 metri quadrati⟧ in centro.", "90 m2"),
            ("Correva a ⟦110 chilometri orari⟧ in città.", "110 km/h"),
            ("Dista ⟦71 milioni di chilometri⟧ da noi.", "71000000 km"),
        ],
        begins: Begins::Figure,
        finds: |at| measure::measure(at, 0),
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.signed-degrees"),
        kind: AnnotationKind::Measure,
        keep: false,
        why: "A minus or plus before degrees belongs to them.",
        examples: &[
            ("Di notte ⟦-7 °C⟧ in valle.", "-7 Cel"),
            ("Un aumento di ⟦+2 gradi⟧ in pianura.", "2 Cel"),
        ],
        begins: Begins::Sign("-−+"),
        finds: measure::signed_degrees,
    },
    AnnotationRule {
        id: RuleId::new("it.annotation.signed-percentage"),
        kind: AnnotationKind::Percentage,
        keep: false,
        why: "A minus or plus before a share belongs to it.",
        examples: &[
            ("Milano chiude a ⟦+1,2%⟧ dopo ore incerte.", "1.2"),
            ("Consumi a ⟦-3,5 per cento⟧ in un anno.", "-3.5"),
        ],
        begins: Begins::Sign("-−+"),
        finds: measure::signed_share,
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
        finds: law::article,
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
        finds: law::law,
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
        finds: code::acronym,
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
    let end = from + gap + word.len();
    // Dollars and francs of a country: its adjective follows.
    let (code, end) = at
        .word_at(end)
        .and_then(|(start, whose)| {
            let own = at.value(&format!("{word}_{whose}"), ValueClass::Currency)?;
            Some((own, start + whose.len()))
        })
        .unwrap_or((code, end));
    (gap <= 6).then_some((code, end))
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
