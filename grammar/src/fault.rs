/// What is wrong, in the order in which `words.rs` of the core has the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The reference is empty.
    Empty,
    /// A character that stands nowhere in a reference: the one at the offset.
    Character,
    /// A scheme stands in front: the text that was found.
    Scheme,
    /// `://` stands after something that is no scheme.
    StrangeScheme,
    /// A user name or a password stands in front.
    UserInfo,
    /// The first component, which was found, is no registry.
    Registry,
    /// A component of the path is empty.
    PathEmpty,
    /// A component of the path has the upper-case letter at the offset.
    PathUppercase,
    /// A component of the path has the character at the offset.
    PathCharacter,
    /// A separator, which was found, stands where it cannot.
    PathSeparator,
    /// The path is too long: the length is the path's, in its one spelling.
    PathTooLong,
    /// The tag that was found is none.
    Tag,
    /// There is no digest.
    DigestMissing,
    /// The digest's algorithm, which was found, is not known.
    DigestAlgorithm,
    /// The length is that of the hexadecimal digits.
    DigestLength,
    /// The digest has the upper-case digit at the offset.
    DigestUppercase,
    /// The digest has the character at the offset.
    DigestCharacter,
    /// A domain begins with a scheme.
    DomainScheme,
    /// What was found follows an address in brackets.
    AfterAddress,
    /// The length is the name's.
    NameTooLong,
    /// A label is empty.
    LabelEmpty,
    /// A label is too long.
    LabelTooLong,
    /// The name has the character at the offset.
    DomainCharacter,
    /// A label begins or ends with a dash.
    LabelDash,
    /// The name that was found is an IPv4 address in another form than the plain one.
    Ipv4Form,
    /// No IPv6 address stands in the brackets.
    Ipv6,
    /// The bracket is not closed.
    BracketOpen,
    /// The port is no port.
    Port,
}

/// The first thing that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub wrong: Wrong,
    /// Where, in bytes from the beginning.
    pub offset: usize,
    /// How many bytes were found there that tell about it. It counts what [`Wrong`] says.
    pub length: usize,
}

impl Wrong {
    /// At a place, about nothing more.
    #[cold]
    pub(crate) const fn at(self, offset: usize) -> Fault {
        Fault { wrong: self, offset, length: 0 }
    }

    /// At a place, about so many bytes there.
    #[cold]
    pub(crate) const fn of(self, offset: usize, length: usize) -> Fault {
        Fault { wrong: self, offset, length }
    }
}
