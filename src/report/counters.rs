//! What a search counts: how much was looked at, and where it did less than everything.

macro_rules! counters {
    ($(#[$attr:meta])* pub struct $name:ident {
        $($(#[doc = $doc:literal])* $field:ident,)*
    }) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[non_exhaustive]
        pub struct $name {
            $($(#[doc = $doc])* pub $field: u64,)*
        }

        impl $name {
            /// The counters by name, in a fixed order.
            ///
            /// ```
            #[doc = concat!("let counters = doublon::", stringify!($name), "::default();")]
            /// assert!(counters.iter().all(|(_, count)| count == 0));
            /// ```
            pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
                [$((stringify!($field), self.$field),)*].into_iter()
            }
        }
    };
}

counters! {
    /// How much was looked at.
    ///
    /// ```
    /// let report = doublon::find(&["one text", "another text"])?;
    /// assert_eq!(report.stats().documents, 2);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub struct Stats {
        /// Documents of the input.
        documents,
        /// Bytes of their texts.
        bytes,
        /// Tokens of their texts, or of their paragraphs.
        tokens,
        /// Documents, or paragraphs where these are compared, whose tokens equal those of another;
        /// where all pairs may match, that one is searched in their place.
        copies,
        /// Distinct pairs that the search proposed.
        candidates,
        /// Candidates whose sketches or sizes left a match possible, so that the texts were asked.
        verified,
    }
}

counters! {
    /// Where the search did less than everything: nothing is dropped in silence. Paragraphs count
    /// as documents do, where these are compared.
    ///
    /// ```
    /// let report = doublon::find(&["", "one text"])?;
    /// assert_eq!(report.limits().empty, 1);
    /// # Ok::<(), doublon::Error>(())
    /// ```
    pub struct Limits {
        /// Documents without a token: they match nothing.
        empty,
        /// Documents with fewer tokens than the measure can see, discounted boilerplate left out: a
        /// shingle; for coverage `min_run`, unless they are short enough for the rule of
        /// [short texts](crate::Measure::Coverage). They match their copies only, or for shingles
        /// whole-text equals; paragraphs of which nothing counts, nothing.
        short,
        /// Groups of candidates so large that only their first documents were compared with all
        /// the others: pairs that meet nowhere else may be missing.
        crowded,
        /// Documents kept out of a complete-link cluster because it had reached its greatest size.
        full,
    }
}
