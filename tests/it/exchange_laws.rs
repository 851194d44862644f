//! Laws of the exchange formats, for every text: what goes out and comes back unchanged gives the
//! source, byte for byte; what others do to a file is told or refused, and never ends in a panic.

use crate::laws::page;
use crate::pages::seeds;
use cesura::document::Event;
use cesura::exchange::{
    BackMap, BackMapWriter, ConlluWriter, DocumentWriter, MergeChoices, Merged, Outline,
    PlainChoices, PlainWriter, ProblemKind, ProtectedForm, SegmentForm, SegmentMerger, SegmentName,
    Target, Xliff1Writer, Xliff2Writer, XliffChoices, merge_lines, merge_xliff, xliff_details,
};
use cesura::machine::MaskTemplate;
use cesura::{Details, Document, Options};
use proptest::prelude::*;

const FORMS: [ProtectedForm; 3] =
    [ProtectedForm::Marked, ProtectedForm::Placeholder, ProtectedForm::Plain];

fn segmented(text: &str, details: Details) -> Document {
    cesura::segment(text, &Options { details, ..Options::default() }).expect("a short text")
}

fn outline(document: &Document) -> Outline {
    let mut outline = Outline::default();
    document.events.iter().for_each(|event| outline.add(event));
    outline
}

fn written(document: &Document, mut writer: impl DocumentWriter) -> String {
    let mut out = Vec::new();
    for event in &document.events {
        writer.write(event, &mut out).expect("memory can be written");
    }
    String::from_utf8(out).expect("all formats are UTF-8")
}

/// The XLIFF files of a text: both versions, all forms.
fn files(text: &str) -> Vec<String> {
    let document = segmented(text, xliff_details(Details::default()));
    let mut files = Vec::new();
    for protected in FORMS {
        let choices = XliffChoices {
            protected,
            document_id: "a <\"b\">\u{1}".to_owned(),
            target_size_percent_max: Some(100),
            ..XliffChoices::default()
        };
        files.push(written(&document, Xliff2Writer::new(choices.clone(), outline(&document))));
        files.push(written(&document, Xliff1Writer::new(choices, outline(&document))));
    }
    files
}

/// The file with each text as its own translation, as an editor that copies sources writes it.
fn with_identical_targets(file: &str) -> String {
    let (open, close) = match file.contains("<seg-source>") {
        true => ("<seg-source>", "</seg-source>"),
        false => ("<source>", "</source>"),
    };
    let mut filled = String::new();
    let mut rest = file;
    while let Some((before, from)) = rest.split_once(open) {
        let (inner, behind) = from.split_once(close).expect("what is opened is closed");
        filled += &format!("{before}{open}{inner}{close}<target>{inner}</target>");
        rest = behind;
    }
    filled + rest
}

fn merged(file: &str) -> Merged {
    merge_xliff(file.as_bytes(), &MergeChoices::default()).expect("our own file")
}

fn translatable_segments(text: &str) -> u32 {
    segmented(text, Details::default()).tail().expect("a tail").translatable_segment_count
}

fn assert_xliff_comes_back(text: &str) {
    let translatable = translatable_segments(text);
    for file in files(text) {
        roxmltree::Document::parse(&file).expect("well-formed");
        let untouched = merged(&file);
        assert_eq!(untouched.text(), text, "{file}");
        assert_eq!(untouched.problem_count, translatable);
        let all = untouched.problems().all(|one| one.kind == ProblemKind::TargetMissing);
        assert!(all, "{file}");
        let translated = merged(&with_identical_targets(&file));
        assert_eq!(translated.text(), text, "{file}");
        assert_eq!((translated.problem_count, translated.target_count), (0, translatable));
    }
}

fn assert_lines_come_back(text: &str) {
    for untranslatable_too in [false, true] {
        let choices = PlainChoices { form: SegmentForm::Source, untranslatable_too };
        let document = segmented(text, choices.details(Details::default()));
        let lines = written(&document, PlainWriter::new(choices));
        let map = written(
            &document,
            BackMapWriter::new(choices, MaskTemplate::default(), outline(&document)),
        );
        let map = BackMap::parse(&map).expect("our own back-map");
        assert_eq!(lines.lines().count(), map.lines.len());
        let merged = merge_lines(text, &map, &lines, &MergeChoices::default());
        assert_eq!(merged.expect("as many lines").text(), text);
    }
}

fn assert_segments_come_back(text: &str) {
    let options = SegmentMerger::options(Options::default(), false);
    let document = cesura::segment(text, &options).expect("a short text");
    let mut targets = Vec::new();
    for unit in document.units().filter(|unit| unit.translatable()) {
        for segment in &unit.segments {
            let identity = segment.details.as_ref().and_then(|details| details.identity);
            let name = match identity.filter(|_| segment.number % 2 == 0) {
                Some(identity) => SegmentName::Id(identity.to_string()),
                None => SegmentName::Number(segment.number),
            };
            let text = unit.slice(segment.span).to_owned();
            targets.push(Target { segment: name, text });
        }
    }
    let mut merger = SegmentMerger::new(targets, None, MergeChoices::default());
    for event in &document.events {
        merger.add(event).expect("nothing is refused");
    }
    let merged = merger.finish();
    assert_eq!((merged.text().as_str(), merged.problem_count), (text, 0));
}

/// The words of CoNLL-U, with the spaces it says, are the text it gives.
fn assert_conllu_holds_its_text(text: &str) {
    let document = segmented(text, Details::default());
    let file = written(&document, ConlluWriter::new("a".to_owned()));
    for sentence in file.split("# sent_id").skip(1) {
        let expected = sentence.split_once("# text = ").expect("a text").1;
        let (expected, words) = expected.split_once('\n').expect("a line");
        let mut found = String::new();
        for word in words.lines().take_while(|line| !line.is_empty()) {
            let columns: Vec<&str> = word.split('\t').collect();
            assert_eq!(columns.len(), 10, "{word:?}");
            found += columns[1];
            if columns[9] != "SpaceAfter=No" {
                found.push(' ');
            }
        }
        assert_eq!(found.trim_end(), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_comes_back_unchanged_is_the_source(text in page()) {
        assert_xliff_comes_back(&text);
        assert_lines_come_back(&text);
        assert_segments_come_back(&text);
        assert_conllu_holds_its_text(&text);
    }

    #[test]
    fn a_spoilt_file_is_refused_or_told_of(
        text in page(),
        which in 0..6_usize,
        places in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize), 1..4),
        put in prop::sample::select(vec!["", "<", "</unit>", "<!DOCTYPE x [<!ENTITY a \"b\">]>", "&a;", "&#0;", "\u{0}", "<mrk>", "\"", "<cp hex=\"D800\"/>"]),
    ) {
        let mut bytes = with_identical_targets(&files(&text)[which]).into_bytes();
        for (place, length) in places {
            let at = place.index(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, put.bytes());
        }
        if let Ok(merged) = merge_xliff(&bytes, &MergeChoices::default()) {
            prop_assert!(merged.target_count <= merged.translatable_segment_count);
            prop_assert_eq!(merged.problem_count as usize, merged.problems().count());
        }
    }

    #[test]
    fn a_spoilt_back_map_is_refused_or_merges(
        text in page(),
        place in any::<prop::sample::Index>(),
        put in "[0-9\t={}#\n-]{0,6}",
    ) {
        let choices = PlainChoices { form: SegmentForm::Masked, untranslatable_too: true };
        let document = segmented(&text, choices.details(Details::default()));
        let lines = written(&document, PlainWriter::new(choices));
        let mut map = written(&document, BackMapWriter::new(choices, MaskTemplate::default(), outline(&document)));
        let at = map.floor_char_boundary(place.index(map.len()));
        map.insert_str(at, &put);
        let merge = |map: &BackMap| merge_lines(&text, map, &lines, &MergeChoices::default()).ok();
        let map = BackMap::parse(&map).ok();
        if let Some((map, merged)) = map.and_then(|map| merge(&map).map(|merged| (map, merged))) {
            prop_assert!(merged.target_count as usize <= map.lines.len());
        }
    }
}

#[test]
fn seeds_come_back_from_every_format() {
    for (_, text) in seeds() {
        assert_xliff_comes_back(&text);
        assert_lines_come_back(&text);
        assert_segments_come_back(&text);
        assert_conllu_holds_its_text(&text);
    }
}

#[test]
fn masked_lines_get_their_originals_back() {
    let text =
        "Il Comune risponde da redazione@esempio.it o su https://esempio.it a tutti.\n\nAddio.\n";
    let choices = PlainChoices { form: SegmentForm::Masked, untranslatable_too: false };
    let document = segmented(text, choices.details(Details::default()));
    let lines = written(&document, PlainWriter::new(choices));
    assert_eq!(lines, "Il Comune risponde da {1} o su {2} a tutti.\nAddio.\n");
    let map = written(
        &document,
        BackMapWriter::new(choices, MaskTemplate::default(), outline(&document)),
    );
    let map = BackMap::parse(&map).expect("our own back-map");
    let merge =
        |lines| merge_lines(text, &map, lines, &MergeChoices::default()).expect("two lines");
    let translated = merge("Today at {2}, or write to { 1 }.\n\n");
    let expected = "Today at https://esempio.it, or write to redazione@esempio.it.\n\nAddio.\n";
    assert_eq!(translated.text(), expected);
    let kinds: Vec<ProblemKind> = translated.problems().map(|one| one.kind).collect();
    assert_eq!(kinds, [ProblemKind::PlaceholderBroken, ProblemKind::TargetMissing]);
    let lost = merge("Write today to {1}.\nBye.\n");
    assert_eq!(lost.text(), "Write today to redazione@esempio.it. https://esempio.it\n\nBye.\n");
}

#[test]
fn masks_of_any_look_lead_back() {
    let text = "Il Comune risponde da https://esempio.it a max 120 persone.\n";
    for template in ["<x id=\"{n}\"/>", "a={n}-9 b", "§{n}§"] {
        let mask = MaskTemplate::parse(template).expect("a template");
        let choices = PlainChoices { form: SegmentForm::Masked, untranslatable_too: false };
        let details = choices.details(Details::default());
        let options = Options { details, mask: mask.clone(), ..Options::default() };
        let document = cesura::segment(text, &options).expect("a short text");
        let map = written(&document, BackMapWriter::new(choices, mask.clone(), outline(&document)));
        let map = BackMap::parse(&map).expect("our own back-map");
        let (one, nine) = (mask.token(1), mask.token(9));
        let line = format!("At most 120 people at {one} or {nine}.\n");
        let merged = merge_lines(text, &map, &line, &MergeChoices::default()).expect("a line");
        assert_eq!(merged.text(), format!("At most 120 people at https://esempio.it or {nine}.\n"));
        let kinds: Vec<ProblemKind> = merged.problems().map(|one| one.kind).collect();
        assert_eq!(kinds, [ProblemKind::PlaceholderUnknown], "{template}");
    }
    assert!(MaskTemplate::parse(" {n} ").is_none(), "what is left without its spaces is a number");
}

/// Work and memory stay within the size of the message, whatever it says.
#[test]
fn a_short_file_cannot_name_a_long_original_without_end() {
    let data = "x".repeat(100_000);
    let many = "<ph id=\"p1\" dataRef=\"d1\"/>".repeat(10_000);
    let file = format!(
        "<xliff version=\"2.1\" srcLang=\"it\" xmlns=\"urn:oasis:names:tc:xliff:document:2.0\">\
         <file id=\"f1\"><skeleton>{{u1}}</skeleton><unit id=\"u1\"><originalData>\
         <data id=\"d1\">{data}</data></originalData><segment id=\"s1\"><source>{many}</source>\
         </segment></unit></file></xliff>"
    );
    let choices = MergeChoices { bytes_max: 1 << 20, ..MergeChoices::default() };
    let error = merge_xliff(file.as_bytes(), &choices).expect_err("a gigabyte is too much");
    assert!(matches!(error, cesura::exchange::MergeError::TooLarge { .. }), "{error:?}");
    // Lost, each is told of, but not repeated at length.
    let ids = (0..10_000).map(|n| format!("<ph id=\"p{n}\" dataRef=\"d1\"/>")).collect::<String>();
    let lost = file.replace(&many, &ids).replace("</source>", "</source><target>x</target>");
    let leave_out = cesura::exchange::MissingPlaceholder::LeaveOut;
    let choices = MergeChoices { missing_placeholder: leave_out, ..choices };
    let merged = merge_xliff(lost.as_bytes(), &choices).expect("a short text");
    assert_eq!((merged.text().as_str(), merged.problem_count), ("x", 10_000));
    assert!(merged.problems().all(|one| one.detail.len() <= 200));
}

#[test]
fn other_encodings_and_vocabularies_are_read() {
    let text = "Ciao. Come va?\n";
    let file = with_identical_targets(&files(text)[0]).replace("<target>Ciao.", "<target>Hé!");
    let utf16: Vec<u8> =
        "\u{FEFF}".encode_utf16().chain(file.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let declared = file.replacen("UTF-8", "iso-8859-1", 1);
    let latin: Vec<u8> =
        declared.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    let prefixed = file
        .replace("<", "<x:")
        .replace("<x:/", "</x:")
        .replace("<x:?", "<?")
        .replace("x:mda:", "mda:")
        .replace("xmlns=", "xmlns:x=");
    for bytes in [utf16, latin, prefixed.into_bytes(), format!("\u{FEFF}{file}").into_bytes()] {
        let merged = merge_xliff(&bytes, &MergeChoices::default()).expect("a file like any other");
        assert_eq!(merged.text(), "Hé! Come va?\n");
    }
}

#[test]
fn targets_may_change_places_and_are_measured() {
    let text = "Prima cosa. Poi altro.\n";
    let file = files(text)[0]
        .replace("Prima cosa.</source>", "Prima cosa.</source><target order=\"3\">First.</target>")
        .replace(
            "Poi altro.</source>",
            "Poi altro.</source><target order=\"1\">Then something else, at length.</target>",
        );
    let merged = merged(&file);
    assert_eq!(merged.text(), "Then something else, at length. First.\n");
    let problems: Vec<(ProblemKind, &str)> =
        merged.problems().map(|one| (one.kind, one.detail.as_str())).collect();
    assert_eq!(problems, [(ProblemKind::TooLong, "37 of 22")]);
}

#[test]
fn what_others_lost_is_told() {
    let text =
        "Il Comune risponde da redazione@esempio.it a tutti.\n\nIl governo lo conferma oggi.\n";
    let files = files(text);
    let kinds =
        |file: &str| -> Vec<ProblemKind> { merged(file).problems().map(|one| one.kind).collect() };
    let target = |file: &str, text: &str| {
        file.replacen("</source>", &format!("</source><target>{text}</target>"), 1)
    };
    use ProblemKind::*;
    // Marked text.
    assert_eq!(kinds(&target(&files[0], "Write today.")), [ProtectedChanged, TargetMissing]);
    // Placeholders.
    assert_eq!(kinds(&target(&files[2], "Write.")), [PlaceholderMissing, TargetMissing]);
    let twice = target(&files[2], "<ph id=\"p1\"/> <ph id=\"p1\"/> <ph id=\"p9\"/>");
    assert_eq!(kinds(&twice), [PlaceholderRepeated, PlaceholderUnknown, TargetMissing]);
    assert!(merged(&twice).text().starts_with("redazione@esempio.it redazione@esempio.it \n"));
    // Units.
    let gone = files[0].replace("id=\"u2\"", "id=\"u7\"");
    assert_eq!(kinds(&gone), [TargetMissing, UnitMissing, UnitUnknown]);
    let unwanted = files[0].replace("<unit id=\"u2\"", "<unit translate=\"no\" id=\"u2\"");
    let unwanted = unwanted.replace("oggi.</source>", "oggi.</source><target>More.</target>");
    assert_eq!(kinds(&unwanted), [TargetMissing, TargetUnwanted]);
    // 1.2: a target without the segments' marks, and one with marks of no segment.
    let whole = files[1].replacen("</seg-source>", "</seg-source><target>Write.</target>", 1);
    assert!(merged(&whole).text().starts_with("Write.\n"));
    let stray = "</seg-source><target><mrk mtype=\"seg\" mid=\"s9\">x</mrk></target>";
    assert_eq!(
        kinds(&files[1].replacen("</seg-source>", stray, 1)),
        [SegmentUnknown, ProtectedChanged, TargetMissing]
    );
}

/// What editors of 1.2 do to a target: no word of it may be lost without a problem that says so.
#[test]
fn targets_of_xliff_1_2_keep_their_words_whatever_the_marks() {
    let text = "Prima cosa. Poi altro.\n";
    let file = &files(text)[1];
    let with = |target: &str| {
        let file =
            file.replace("</seg-source>", &format!("</seg-source><target>{target}</target>"));
        let merged = merged(&file);
        let kinds: Vec<ProblemKind> = merged.problems().map(|one| one.kind).collect();
        (merged.text(), kinds)
    };
    let first = "<mrk mtype=\"seg\" mid=\"s1\">First.</mrk>";
    let then = "<mrk mtype=\"seg\" mid=\"s2\">Then.</mrk>";
    use ProblemKind::{SegmentUnknown, TargetMissing};
    assert_eq!(with(&format!("{first}{then}")), ("First. Then.\n".into(), vec![]));
    assert_eq!(with(&format!("{then} {first}")), ("Then. First.\n".into(), vec![]));
    assert_eq!(with(first), ("First. Poi altro.\n".into(), vec![TargetMissing]));
    let inside = format!("<g id=\"1\">{first} <mrk mtype=\"x-comment\">{then}</mrk></g>");
    assert_eq!(with(&inside), ("First. Then.\n".into(), vec![]));
    assert_eq!(with(&format!("{first} And {then}")), ("First. And Then.\n".into(), vec![]));
    let split = format!("{first} {} {then}", first.replace("First", "Second"));
    assert_eq!(with(&split), ("First. Second. Then.\n".into(), vec![SegmentUnknown]));
    let blank = format!("{} {then}", first.replace("First.", " "));
    assert_eq!(with(&blank), ("Prima cosa. Then.\n".into(), vec![TargetMissing]));
    // An editor that keeps no `seg-source`.
    let (before, behind) = file.split_once("<seg-source>").expect("it has one");
    let behind = behind.split_once("</seg-source>").expect("it ends").1;
    let bare = format!("{before}<target>{first} {then}</target>{behind}");
    assert_eq!(merged(&bare).text(), "First. Then.\n");
}

#[test]
fn what_the_source_says_holds() {
    let text = "Il Comune risponde da redazione@esempio.it a tutti.\n";
    let files = files(text);
    let evil = "</seg-source><target>From <ph id=\"p1\">https://evil.example</ph>.</target>";
    let merged_evil = merged(&files[3].replace("</seg-source>", evil));
    assert_eq!(merged_evil.text(), "From redazione@esempio.it.\n");
    let kinds: Vec<ProblemKind> = merged_evil.problems().map(|one| one.kind).collect();
    assert_eq!(kinds, [ProblemKind::PlaceholderBroken]);
    // Attributes of other vocabularies are not ours.
    let foreign = files[0].replace("<unit ", "<unit xmlns:m=\"urn:m\" m:id=\"u9\" ");
    assert_eq!(merged(&foreign).text(), text);
    let twice = files[0].replace("<unit ", "<unit type=\"a:b\" ");
    let error = merge_xliff(twice.as_bytes(), &MergeChoices::default()).expect_err("twice");
    assert!(error.to_string().contains("an attribute stands twice"), "{error}");
    // Of two units with one id the first counts.
    let (head, rest) = files[0].split_once("<unit ").expect("a unit");
    let unit = format!("<unit {}", rest.split_once("</file>").expect("an end").0);
    let first = unit.replace(
        "</source></segment>",
        "</source><target>Hi redazione@esempio.it</target></segment>",
    );
    let double = format!("{head}{first}{unit}</file></xliff>");
    let found = merged(&double);
    assert_eq!(found.text(), "Hi redazione@esempio.it\n");
    assert!(found.problems().any(|one| one.kind == ProblemKind::TargetRepeated));
    // A copied target of what is not to be translated is no problem.
    let copied =
        with_identical_targets(&files[1]).replace("<trans-unit ", "<trans-unit translate=\"no\" ");
    assert_eq!(merged(&copied).problem_count, 0);
}

/// Errors point at the place and hold no word of the file.
#[test]
fn errors_hold_no_text() {
    for spoilt in
        ["<a b=\"segreto & altro\">", "<segreto></altro>", "&segreto;", "<segreto", "<a segreto>"]
    {
        let file = format!("<xliff version='2.1'><file><skeleton>{{u1}}</skeleton><unit>{spoilt}");
        let error = merge_xliff(file.as_bytes(), &MergeChoices::default()).expect_err("spoilt");
        assert!(!error.to_string().contains("segreto"), "{error}");
    }
}

#[test]
fn what_is_no_export_of_ours_is_refused_with_its_place() {
    let refused = |file: &str| {
        let error = merge_xliff(file.as_bytes(), &MergeChoices::default()).expect_err("no export");
        error.to_string()
    };
    assert!(refused("").contains("line 1, column 1"));
    assert!(refused("<html/>").contains("the root is not `xliff`"));
    assert!(refused("<xliff version='3.0'/>").contains("`version`"));
    assert!(refused("<xliff version='2.1'>\n<file id='f'>").contains("line 2"));
    assert!(refused("<xliff version='2.1'><file id='f'></file></xliff>").contains("skeleton"));
    let bomb = "<!DOCTYPE x [<!ENTITY a \"&b;&b;\"><!ENTITY b \"x\">]><xliff version='2.1'/>";
    assert!(refused(bomb).contains("document type"));
    let deep = "<a>".repeat(100_000);
    assert!(refused(&format!("<xliff version='2.1'><file><unit>{deep}")).contains("100 elements"));
    assert!(matches!(segmented("", Details::default()).events[0], Event::Head(_)));
}
