//! Chance that comes out the same each time: a number for each rule and each request that it looks at, made from the
//! seed by counting, so that no other request moves it.

/// A number from 0 up to 1.
pub fn draw(seed: u64, rule: u64, count: u64) -> f64 {
    let mixed = mix(mix(mix(seed).wrapping_add(rule)).wrapping_add(count));
    // 53 bits are what such a number holds.
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// Who goes first of those that strike the same request: a number of its own, since the other one is small for all of
/// them.
pub fn rank(seed: u64, rule: u64, count: u64) -> f64 {
    draw(mix(seed), rule, count)
}

/// splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_even_and_depends_on_all_three() {
        // The first output of splitmix64 with seed 0, from its reference implementation.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        let below = (0..10_000).filter(|count| draw(1, 2, *count) < 0.3).count();
        assert!((2_800..3_200).contains(&below), "{below}");
        let row = |seed, rule| (0..64).map(|count| draw(seed, rule, count) < 0.5).collect::<Vec<_>>();
        assert_ne!(row(1, 1), row(1, 2));
        assert_ne!(row(1, 1), row(2, 1));
        assert_eq!(row(1, 1), row(1, 1));
    }
}
