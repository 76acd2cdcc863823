//! Cues: information in a word or phrase of the lexicon about the place names near it.

/// A set of [`Cue`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cues(u128);

macro_rules! cues {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// One thing that a word can say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Cue { $($(#[$doc])* $name,)* }

        impl Cue {
            /// Every cue with its word in data files.
            pub const ALL: &[(Self, &str)] = &[$((Self::$name, $word),)*];
        }
    };
}

cues! {
    /// An everyday word; a place with such a name needs more than its name.
    Common = "common",
    /// A personal name.
    Person = "person",
    /// Precedes a person's name: a rank, an office, a form of address.
    Title = "title",
    /// Joins personal names: son of, father of.
    Kin = "kin",
    /// A location follows: in, north of, the outskirts of.
    Literal = "literal",
    /// A verb or verbal noun whose object is a location: left, visited, entered.
    Motion = "motion",
    /// "with": a partner follows, or the far side of a border.
    With = "with",
    /// "between": two ends of a road or two parties.
    Between = "between",
    /// Talks, agreements, disputes: the partners are actors.
    Talk = "talk",
    /// Borders, roads, distances: the ends are locations.
    Line = "line",
    /// A verb of saying or deciding: a power beside it is an actor.
    Verb = "verb",
    /// Governs a following place and makes it an actor: government of, police of, governor of.
    Actor = "actor",
    /// Governs a following place and stays a location: university of, airport of.
    Facility = "facility",
    /// Follows a place and makes it an actor: "Diyala police".
    ActorAfter = "actor_after",
    /// Begins a place name of more than one word: Tel, Abu, Umm.
    Head = "head",
    /// Ends a place name of more than one word: Upper, Lower, the Great.
    Tail = "tail",
    /// Joins members of a list.
    And = "and",
    /// Ends the scope of a type noun in a list ("as well as") without ending the list.
    Beside = "beside",
    /// Holds a place name that is no place there: a newspaper, a party, a club.
    Organisation = "organisation",
    /// Makes the place name before it a name of something else: "Diyala Sports Club".
    NameAfter = "name_after",
    /// Makes the place name after it a name of something else: Hotel Baghdad.
    NameBefore = "name_before",
    /// Comes between a type noun and its name and is passed over: "the city of", "called".
    Link = "link",
    /// Says where the place before it belongs: "belonging to".
    Belongs = "belongs",
    /// The article of a name in Latin letters: al-, as-.
    Article = "article",
    /// A noun of administration with its article: "the city"; no name unless such a unit has that name.
    Generic = "generic",
    /// Introduces a subject: "that Baghdad …".
    Subject = "subject",
    /// Something that one power sends another: a letter, a pledge, a demand.
    Message = "message",
    /// An adjective of sites that may be left out: oil, international.
    Epithet = "epithet",
    /// A pronoun between a verb and its subject, passed over.
    Pronoun = "pronoun",
    /// Points at the next noun: "this", "that".
    This = "this",
    /// Counts the next noun: "two", "several".
    Count = "count",
    /// Follows a person's age: "years old".
    Age = "age",
    /// A preposition of sending or bringing: "to", "from".
    Channel = "channel",
    /// Introduces a relative clause: "which".
    Relative = "relative",
    /// A verb that decides nothing: "is", "has".
    Auxiliary = "auxiliary",
    /// An office that is held for a place: "consul to".
    Office = "office",
    /// Never part of a place name: a function word.
    Function = "function",
    /// A news agency, or a word for one.
    Agency = "agency",
    /// Makes the name of an outlet of the place before it: Today, News.
    Outlet = "outlet",
    /// Somebody who reports for an outlet.
    Reporter = "reporter",
    /// Heads the list of those who wrote a report: "by", "editing by".
    Credits = "credits",
    /// "our", "its": the reporter named after it is the outlet's own.
    Own = "own",
    /// An office of an outlet.
    Bureau = "bureau",
    /// A body that has a name of its own: "company", "movement", بعثة.
    Institution = "institution",
    /// A form of "to be": the words after it describe its subject.
    Being = "being",
    /// Names a source: "according to".
    According = "according",
    /// Says where a thing lies: "in", "west of".
    Tie = "tie",
    /// The same, inside of it: "in".
    Inside = "inside",
    /// A kind of place as a common noun: "town", "suburb".
    Unit = "unit",
    /// A division of a state that the land does not have: "oblast", ولاية.
    Division = "division",
    /// Words of sport: the names beside them are those of clubs.
    Sport = "sport",
    /// A film, a book, a song, and what befalls one: "premiered".
    Work = "work",
    /// What a place sells under its name: "crude", "Light".
    Product = "product",
    /// The indefinite article: "a quarter of Baghdad" is no quarter of that name.
    Indefinite = "indefinite",
    /// Joins a person's name to the father's, and nothing else: "ibn", بن.
    Patronym = "patronym",
    /// Words of competitions: "tied", رصيد, and with common those that ordinary reports have too: "points". Two of them make a
    /// report on sport, unless both are common.
    Contest = "contest",
    /// Names a part of the whole Kurdistan: "باکوور", "پارچەی". The south is the land's own.
    Part = "part",
    /// A division of a state abroad by its name: "Arizona", "Ariz".
    Abroad = "abroad",
    /// A period of prehistory or its wares, called after a place: "ware", "periods".
    Period = "period",
    /// A seat in a parliament: مقعد.
    Seat = "seat",
    /// The presidency of the Kurdistan Region, whose seat is the resort of Salahaddin.
    Presidency = "presidency",
    /// Leads from a type noun to its names: "such as", "namely".
    Announces = "announces",
    /// A verb of classification ("is considered"), unless a clause follows.
    Deems = "deems",
    /// Shows that لواء is a province of the past and not a brigade: tribes, districts, the governor of one.
    Province = "province",
    /// Times before our era, states and dynasties of them: "BC", "Assyrian Empire".
    Antiquity = "antiquity",
    /// Shows that the name beside it is that of an ancient city: "ancient".
    Ancient = "ancient",
}

impl Cues {
    /// No cue.
    pub const NONE: Self = Self(0);

    /// Nothing but this cue.
    pub fn only(cue: Cue) -> Self {
        Self(1 << cue as u128)
    }

    /// True if the cue is in the set.
    #[inline]
    pub fn has(self, cue: Cue) -> bool {
        self.0 >> cue as u128 & 1 == 1
    }

    /// True if any of the cues is in the set.
    #[inline]
    pub fn any(self, cues: &[Cue]) -> bool {
        cues.iter().any(|cue| self.has(*cue))
    }

    /// Adds a cue.
    pub fn add(&mut self, cue: Cue) {
        self.0 |= 1 << cue as u128;
    }

    /// All cues of both sets.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True if the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The cues of a data field, separated by blanks.
    pub(super) fn parse(field: &str) -> Result<Self, String> {
        let mut cues = Self::NONE;
        for word in field.split_whitespace() {
            let known = Cue::ALL.iter().find(|(_, name)| *name == word);
            cues.add(known.ok_or_else(|| format!("unknown cue {word:?}"))?.0);
        }
        Ok(cues)
    }
}
