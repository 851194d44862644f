//! Many expressions at once, over every position of a text, in one pass.
//!
//! A rule of SRX asks whether its first expression matches some text that *ends* at a position,
//! and its second some text that *begins* there. Searching for matches does not answer that for
//! every position; running the states of the automaton along the text does: forwards for the
//! first, backwards for the second. The automaton itself is regex-automata's.

use super::TooCostly;
use regex_automata::nfa::thompson::{self, NFA, State, WhichCaptures};
use regex_automata::util::look::Look;
use regex_automata::util::primitives::StateID;
use regex_syntax::hir::Hir;

/// Which way a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Reverse,
}

/// Expressions compiled together.
pub(super) struct Automaton {
    nfa: NFA,
    direction: Direction,
    starts: Vec<Starts>,
}

/// Where a match may begin, by its first byte: with hundreds of expressions only the few that
/// begin with the byte at hand cost anything.
struct Starts {
    /// What must hold at the position.
    look: Option<Look>,
    /// States after the first byte.
    by_byte: Vec<Vec<StateID>>,
    /// States to be looked at wherever a match may begin.
    always: Vec<StateID>,
}

impl Automaton {
    /// Compiles the expressions, each with its place in the list as its number.
    ///
    /// # Errors
    /// What is too large, in words.
    pub(super) fn new(
        expressions: &[&Hir],
        direction: Direction,
        bytes_max: usize,
    ) -> Result<Automaton, String> {
        let config = thompson::Config::new()
            .reverse(direction == Direction::Reverse)
            .which_captures(WhichCaptures::None)
            .nfa_size_limit(Some(bytes_max));
        let nfa = thompson::Compiler::new()
            .configure(config)
            .build_many_from_hir(expressions)
            .map_err(|error| error.to_string())?;
        let starts = starts(&nfa);
        Ok(Automaton { nfa, direction, starts })
    }

    /// Runs along the text. Every step takes one from the budget.
    ///
    /// # Errors
    /// [`TooCostly`] where the budget is used up.
    pub(super) fn matches(&self, text: &str, budget: &mut u64) -> Result<Matches, TooCostly> {
        let mut found = Matches::new(self.nfa.pattern_len(), text.len());
        let mut run = Run {
            automaton: self,
            text,
            here: Vec::new(),
            next: Vec::new(),
            seen: vec![usize::MAX; self.nfa.states().len()],
            steps: 0,
        };
        for step in 0..=text.len() {
            run.steps = 0;
            run.step(step, &mut found);
            *budget = budget.checked_sub(run.steps).ok_or(TooCostly)?;
        }
        Ok(found)
    }
}

/// One way along a text.
struct Run<'a> {
    automaton: &'a Automaton,
    text: &'a str,
    /// States at this position that are still to be looked at.
    here: Vec<StateID>,
    /// States after the next byte.
    next: Vec<StateID>,
    /// The step in which a state was looked at last: each is, once a position.
    seen: Vec<usize>,
    steps: u64,
}

impl Run<'_> {
    fn step(&mut self, step: usize, found: &mut Matches) {
        let bytes = self.text.as_bytes();
        let (at, byte) = match self.automaton.direction {
            Direction::Forward => (step, bytes.get(step).copied()),
            Direction::Reverse => {
                let at = bytes.len() - step;
                (at, at.checked_sub(1).and_then(|before| bytes.get(before)).copied())
            }
        };
        let boundary = self.text.is_char_boundary(at);
        if boundary {
            self.begin(at, byte);
        }
        while let Some(id) = self.here.pop() {
            match self.seen.get_mut(id.as_usize()) {
                Some(seen) if *seen != step => *seen = step,
                _ => continue,
            }
            self.steps += 1;
            match self.automaton.nfa.state(id) {
                State::Match { pattern_id } if boundary => found.add(at, pattern_id.as_usize()),
                State::Look { look, next } if self.holds(*look, at) => self.here.push(*next),
                state => {
                    follow(state, &mut self.here);
                    self.next.extend(byte.and_then(|byte| after_byte(state, byte)));
                }
            }
        }
        std::mem::swap(&mut self.here, &mut self.next);
    }

    /// A match may begin at `at`.
    fn begin(&mut self, at: usize, byte: Option<u8>) {
        let automaton = self.automaton;
        for starts in &automaton.starts {
            if starts.look.is_some_and(|look| !self.holds(look, at)) {
                continue;
            }
            self.here.extend(&starts.always);
            let states = byte.and_then(|byte| starts.by_byte.get(usize::from(byte)));
            self.next.extend(states.into_iter().flatten());
            self.steps += 1 + states.map_or(0, Vec::len) as u64;
        }
    }

    /// An assertion, which the reverse automaton holds turned around.
    fn holds(&self, look: Look, at: usize) -> bool {
        let look = match self.automaton.direction {
            Direction::Forward => look,
            Direction::Reverse => look.reversed(),
        };
        self.automaton.nfa.look_matcher().matches(look, self.text.as_bytes(), at)
    }
}

/// States reached without a byte and without a condition.
fn follow(state: &State, to: &mut Vec<StateID>) {
    match state {
        State::Union { alternates } => to.extend(alternates.iter()),
        State::BinaryUnion { alt1, alt2 } => to.extend([alt1, alt2]),
        State::Capture { next, .. } => to.push(*next),
        _ => {}
    }
}

/// The state after one byte.
fn after_byte(state: &State, byte: u8) -> Option<StateID> {
    match state {
        State::ByteRange { trans } => trans.matches_byte(byte).then_some(trans.next),
        State::Sparse(transitions) => transitions.matches_byte(byte),
        State::Dense(transitions) => transitions.matches_byte(byte),
        _ => None,
    }
}

/// Sorts the states that a match may begin in: by their condition and first byte.
fn starts(nfa: &NFA) -> Vec<Starts> {
    let mut found = vec![Starts::new(None)];
    let mut waiting: Vec<(usize, StateID)> = vec![(0, nfa.start_anchored())];
    let mut seen = std::collections::BTreeSet::new();
    while let Some((group, id)) = waiting.pop() {
        if !seen.insert((group, id)) {
            continue;
        }
        let state = nfa.state(id);
        match state {
            State::Look { look, next } if group == 0 => {
                let known = found.iter().position(|starts| starts.look == Some(*look));
                let group = known.unwrap_or(found.len());
                if known.is_none() {
                    found.push(Starts::new(Some(*look)));
                }
                waiting.push((group, *next));
            }
            State::Look { .. } | State::Match { .. } => {
                if let Some(starts) = found.get_mut(group) {
                    starts.always.push(id);
                }
            }
            _ => {
                let mut reached = Vec::new();
                follow(state, &mut reached);
                waiting.extend(reached.into_iter().map(|id| (group, id)));
                if let Some(starts) = found.get_mut(group) {
                    for (byte, states) in (0..=u8::MAX).zip(&mut starts.by_byte) {
                        states.extend(after_byte(state, byte));
                    }
                }
            }
        }
    }
    found
}

impl Starts {
    fn new(look: Option<Look>) -> Starts {
        Starts { look, by_byte: vec![Vec::new(); 256], always: Vec::new() }
    }
}

/// For each position of a text, the expressions that match there.
pub(super) struct Matches {
    words_per_position: usize,
    bits: Vec<u64>,
}

impl Matches {
    fn new(expressions: usize, text_bytes: usize) -> Matches {
        let words_per_position = expressions.div_ceil(64);
        Matches { words_per_position, bits: vec![0; words_per_position * (text_bytes + 1)] }
    }

    fn add(&mut self, at: usize, expression: usize) {
        if let Some(word) = self.bits.get_mut(at * self.words_per_position + expression / 64) {
            *word |= 1 << (expression % 64);
        }
    }

    fn at(&self, at: usize) -> &[u64] {
        let start = at * self.words_per_position;
        self.bits.get(start..start + self.words_per_position).unwrap_or(&[])
    }

    /// The first expression that matches at `at` in both.
    pub(super) fn first_common(&self, other: &Matches, at: usize) -> Option<usize> {
        let pairs = self.at(at).iter().zip(other.at(at));
        pairs
            .map(|(one, other)| one & other)
            .enumerate()
            .find(|(_, both)| *both != 0)
            .map(|(word, both)| word * 64 + both.trailing_zeros() as usize)
    }
}
