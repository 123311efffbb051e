//! Whether two JSON values say the same, as the client compares them: the order of fields does not count, and 1.0
//! is 1, since JavaScript writes it so. A number that JavaScript cannot hold is equal to its own digits only.

use serde_json::{Number, Value};

/// Above it, JavaScript's numbers skip integers.
const SAFE: f64 = 9_007_199_254_740_991.0;

/// Compares what is stored with what somebody saw.
pub fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || is_same_number(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| is_same(one, other)))
        }
        _ => one == other,
    }
}

fn is_same_number(one: &Number, other: &Number) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one == other && one.abs() <= SAFE,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_javascript_writes_back_is_the_same() {
        for (one, other) in [
            (json!({ "a": 1.0, "b": [2] }), json!({ "b": [2.0], "a": 1 })),
            (json!(1e2), json!(100)),
            (json!(-0.0), json!(0)),
            (json!(0.1), json!(0.1)),
            (json!(u64::MAX), json!(u64::MAX)),
        ] {
            assert!(is_same(&one, &other) && is_same(&other, &one), "{one} {other}");
        }
    }

    #[test]
    fn everything_else_differs() {
        for (one, other) in [
            (json!({ "a": 1 }), json!({ "a": 1, "b": null })),
            (json!([1]), json!([1, 1])),
            (json!([1, 2]), json!([2, 1])),
            (json!(1), json!("1")),
            (json!(0), json!(false)),
            (json!(null), json!({})),
            (json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992_u64)),
            (json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992.0)),
        ] {
            assert!(!is_same(&one, &other) && !is_same(&other, &one), "{one} {other}");
        }
    }
}
