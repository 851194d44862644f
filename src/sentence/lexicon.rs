//! Lists of words, as the build made them from lines of text.

use crate::text::form_table;

/// What a form is; the rule of its class says what that means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A title before a name: dott., on., sig.
    Title,
    /// Calls for a number, letter or name that it refers to: art., n., pag.
    Reference,
    /// Introduces whatever follows: cfr., es., vs.
    Introducing,
    /// May close a sentence, and does where a new one begins: ecc., S.p.A., a.C.
    Closing,
    /// An office or body that may close a sentence or stand before its holder's name: P.M., c.t.
    Office,
    /// A month or weekday, short, beside a number: set., lun.
    Calendar,
    /// A unit of measure or currency after a number: km., mln.
    Measure,
    /// A way or place before its name: v.le, p.zza, S., fraz.
    Place,
    /// A noun after which a single letter is a label, not an initial: serie B.
    Label,
    /// A name borne by kings and popes, after which I, V and X are numerals: Carlo V.
    Regnal,
    /// A name that carries its own `!` or `?`: Yahoo!
    Marked,
    /// A noun after which quoted words are a name or title, not speech: film, slogan.
    Naming,
    /// A word that, with a capital, plainly begins a sentence: Il, Ma, Poi.
    Starter,
    /// A word that cannot end a clause: di, il, è. What follows its ellipsis completes it.
    Incomplete,
    /// A verb that says who spoke: disse, spiega.
    Saying,
    /// An article or preposition that makes what is quoted part of the clause: il, un, del.
    Governing,
    /// A word that, with a capital before another, may begin a surname: La Russa, De Luca.
    Particle,
    /// A short form that begins with an apostrophe and a small letter: 'ndrangheta.
    Aphaeretic,
    /// An article, which may begin a sentence or a surname: La Russa.
    Article,
    /// The legal form of a company, which is seldom followed by a name: S.p.A., Inc.
    Company,
    /// A noun for who holds an office, whose name may follow: il presidente degli U.S.A. Rossi.
    Holder,
    /// A word as well that stands for something only before a figure: French art., al.
    Numbered,
    /// An ending of verbs, which with a capital begin a sentence and are no names: -avano.
    Ending,
    /// A participle that says that somebody spoke: detto, spiegato.
    Said,
    /// A verb that says so only with such a participle behind it: ha, avrebbe.
    Auxiliary,
    /// A pronoun that may stand before the verb: gli, ci.
    Clitic,
    /// What it stands before is the object of something: a, del.
    Preposition,
    /// A word that begins a clause: che, ma, mentre. Before it a long sentence may be cut.
    Clause,
    /// A word cut short, which ends with an apostrophe: un po', va'.
    Elided,
    /// An article, behind which stands the noun for who speaks: il, una.
    Determiner,
}

/// The classes of one form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes(u32);

impl Classes {
    /// No class.
    pub(super) const NONE: Classes = Classes(0);

    /// Whether `class` is among them.
    pub const fn has(self, class: Class) -> bool {
        self.0 >> (class as u32) & 1 == 1
    }

    /// Whether all of `others` are among them.
    pub(super) const fn hold(self, others: Classes) -> bool {
        others.0 & !self.0 == 0
    }

    /// Whether any of `others` is among them.
    pub(super) const fn meet(self, others: Classes) -> bool {
        others.0 & self.0 != 0
    }

    /// These and `others`.
    pub(super) const fn and(self, others: Classes) -> Classes {
        Classes(self.0 | others.0)
    }
}

impl Class {
    /// All classes, in their order.
    pub const ALL: [Class; 30] = [
        Class::Title,
        Class::Reference,
        Class::Introducing,
        Class::Closing,
        Class::Office,
        Class::Calendar,
        Class::Measure,
        Class::Place,
        Class::Label,
        Class::Regnal,
        Class::Marked,
        Class::Naming,
        Class::Starter,
        Class::Incomplete,
        Class::Saying,
        Class::Governing,
        Class::Particle,
        Class::Aphaeretic,
        Class::Article,
        Class::Company,
        Class::Holder,
        Class::Numbered,
        Class::Ending,
        Class::Said,
        Class::Auxiliary,
        Class::Clitic,
        Class::Preposition,
        Class::Clause,
        Class::Elided,
        Class::Determiner,
    ];

    /// This class and no other.
    pub(super) const fn alone(self) -> Classes {
        Classes(1 << (self as u32))
    }

    /// Name in lower case, as the lexicon files have it.
    pub fn name(self) -> &'static str {
        match self {
            Class::Title => "title",
            Class::Reference => "reference",
            Class::Introducing => "introducing",
            Class::Closing => "closing",
            Class::Office => "office",
            Class::Calendar => "calendar",
            Class::Measure => "measure",
            Class::Place => "place",
            Class::Label => "label",
            Class::Regnal => "regnal",
            Class::Marked => "marked",
            Class::Naming => "naming",
            Class::Starter => "starter",
            Class::Incomplete => "incomplete",
            Class::Saying => "saying",
            Class::Governing => "governing",
            Class::Particle => "particle",
            Class::Aphaeretic => "aphaeretic",
            Class::Article => "article",
            Class::Company => "company",
            Class::Holder => "holder",
            Class::Numbered => "numbered",
            Class::Ending => "ending",
            Class::Said => "said",
            Class::Auxiliary => "auxiliary",
            Class::Clitic => "clitic",
            Class::Preposition => "preposition",
            Class::Clause => "clause",
            Class::Elided => "elided",
            Class::Determiner => "determiner",
        }
    }
}

/// One line of a lexicon file.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The form without its last full stop, in lower case unless its capitals matter.
    pub form: &'static str,
    /// What it is.
    pub class: Class,
    /// Why, in a few words.
    pub reason: &'static str,
    /// A case with `÷` and `×`; a test runs it.
    pub example: &'static str,
}

/// What a word of `values.tsv` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueClass {
    /// A month; its number in two figures.
    Month,
    /// A word that multiplies; its zeros.
    Scale,
    /// A currency; its code in ISO 4217.
    Currency,
    /// A unit; its code, UCUM where there is one.
    Unit,
    /// A news or picture agency; its name.
    Agency,
}

/// A word with the value it stands for.
#[derive(Clone, Copy, Debug)]
pub struct Value {
    /// The word, in lower case unless its capitals matter.
    pub word: &'static str,
    /// What it stands for.
    pub class: ValueClass,
    /// Its value.
    pub value: &'static str,
}

/// Words with their classes. A form may have several.
#[derive(Clone, Copy, Debug)]
pub struct Lexicon {
    /// Sorted by form, then class.
    pub entries: &'static [Entry],
    /// Sorted by word, then class.
    pub values: &'static [Value],
    /// Every form and word of both, each once, where `form_table::slot_of` puts it or behind. A
    /// power of two of places, of which at least half are empty.
    pub forms: &'static [Form],
}

/// All that a lexicon says of a form.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// The form; nothing where a place is empty.
    pub form: &'static str,
    /// `form_table::hash` of it.
    pub hash: u32,
    /// Bit n is the class n, the last bit says that there is a value.
    pub bits: u32,
}

/// Says of a form that it has a value.
const VALUE_BIT: u32 = 1 << 31;

/// Bytes of the longest form that is looked up.
const FORM_BYTES_MAX: usize = 32;

impl Lexicon {
    /// A lexicon without entries.
    pub const EMPTY: Lexicon = Lexicon { entries: &[], values: &[], forms: &[] };

    /// Whether `form` has `class`. A form that the files write in lower case matches in any case;
    /// one written with capitals matches only as written.
    pub fn has(&self, form: &str, class: Class) -> bool {
        self.classes(form).has(class)
    }

    /// All classes of `form`, looked up once.
    pub fn classes(&self, form: &str) -> Classes {
        Classes(self.bits(form) & !VALUE_BIT)
    }

    /// The value of `word` in `class`. A word that the files write in lower case matches in any
    /// case; one written with capitals matches only as written.
    pub fn value(&self, word: &str, class: ValueClass) -> Option<&'static str> {
        if self.bits(word) & VALUE_BIT == 0 {
            return None;
        }
        let exact = |word: &str| {
            let found =
                self.values.binary_search_by(|one| (one.word, one.class).cmp(&(word, class)));
            self.values.get(found.ok()?).map(|one| one.value)
        };
        let small = || word.contains(char::is_uppercase).then(|| word.to_lowercase());
        exact(word).or_else(|| small().and_then(|small| exact(&small)))
    }

    /// What is known of `form` as written, and in small letters.
    fn bits(&self, form: &str) -> u32 {
        if form.is_empty() || form.len() > FORM_BYTES_MAX || self.forms.is_empty() {
            return 0;
        }
        // All bytes that a form may have are looked at side by side, those behind it as well.
        let mut written = [0; FORM_BYTES_MAX];
        written.iter_mut().zip(form.bytes()).for_each(|(to, byte)| *to = byte);
        let mut small = written;
        small.make_ascii_lowercase();
        let exact = self.bits_exact(form, &written);
        if !written.is_ascii() {
            return match form.contains(char::is_uppercase) {
                true => exact | self.bits_other(&form.to_lowercase()),
                false => exact,
            };
        }
        if small == written {
            return exact;
        }
        let small_form = small.get(..form.len()).and_then(|small| std::str::from_utf8(small).ok());
        exact | small_form.map_or(0, |form| self.bits_exact(form, &small))
    }

    /// What is known of a form of which nobody knows how long it is.
    fn bits_other(&self, form: &str) -> u32 {
        self.bits_by_hash(form, form_table::hash(form))
    }

    /// What is known of `form`, which `bytes` hold at their head.
    fn bits_exact(&self, form: &str, bytes: &[u8; FORM_BYTES_MAX]) -> u32 {
        let mut hash = form_table::Hash::default();
        let (eights, _) = bytes.as_chunks();
        let taken = eights.iter().take(form.len().div_ceil(form_table::Hash::BYTES));
        taken.for_each(|eight| hash.add(u64::from_le_bytes(*eight)));
        self.bits_by_hash(form, hash.value())
    }

    fn bits_by_hash(&self, form: &str, hash: u32) -> u32 {
        let mask = self.forms.len() - 1;
        let mut at = form_table::slot_of(hash, mask);
        while let Some(known) = self.forms.get(at).filter(|known| !known.form.is_empty()) {
            if known.hash == hash && known.form == form {
                return known.bits;
            }
            at = (at + 1) & mask;
        }
        0
    }

    /// Whether any class has `form`.
    pub fn knows(&self, form: &str) -> bool {
        self.bits(form) & !VALUE_BIT != 0
    }

    /// Whether a form begins with `beginning`, or is it.
    pub fn begins(&self, beginning: &str) -> bool {
        let begins = |beginning: &str| {
            // The first form that is not before it in the list.
            let at = self.entries.partition_point(|entry| entry.form < beginning);
            self.entries.get(at).is_some_and(|entry| entry.form.starts_with(beginning))
        };
        (1..=FORM_BYTES_MAX).contains(&beginning.len())
            && (begins(beginning) || begins(&beginning.to_lowercase()))
    }
}
