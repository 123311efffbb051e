//! The tables of references: distribution/reference's own, each row with our verdict, and ours.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ocisign::{Reference, read_registry};

#[test]
fn every_row_of_distribution_reference_has_our_verdict() {
    assert_eq!(check_table(include_str!("references-distribution.tsv")), 48);
}

#[test]
fn our_own_rows() {
    assert!(check_table(include_str!("references-ours.tsv")) > 70);
}

#[test]
fn parts() {
    let digest = format!("sha256:{}", "0".repeat(64));
    let image =
        Reference::parse(&format!("111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a/b:1.0@{digest}"))
            .unwrap();
    assert_eq!(image.registry(), "111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com");
    assert_eq!(image.repository(), "a/b");
    assert_eq!(image.tag(), Some("1.0"));
    assert_eq!(image.digest(), digest);
    let ecr = image.ecr().unwrap();
    assert_eq!((ecr.account.as_str(), ecr.region.as_str()), ("111122223333", "us-gov-west-1"));
    let canonical = image.to_string();
    assert_eq!(canonical, format!("{}/a/b@{digest}", image.registry()));
    assert_eq!(canonical.parse::<Reference>().unwrap().to_string(), canonical);
}

#[test]
fn the_grammar_says_where_parts_are_and_how_the_registry_is_spelled() {
    let digest = format!("sha256:{}", "0".repeat(64));
    for (name, is_docker_hub, is_official, is_respelled) in [
        ("docker.io/app", true, true, false),
        ("docker.io/library/app", true, false, false),
        ("index.docker.io/app", true, true, true),
        ("Docker.io/team/app", true, false, true),
        ("Quay.io/app", false, false, true),
        ("quay.io/app", false, false, false),
        // As long as docker.io, and not.
        ("abcde.com/app", false, false, false),
        ("registry.example/app", false, false, false),
    ] {
        for tag in ["", ":t"] {
            let parts = ocisign_grammar::reference(format!("{name}{tag}@{digest}").as_bytes()).unwrap();
            let told = (parts.is_docker_hub, parts.is_official, parts.is_respelled);
            assert_eq!(told, (is_docker_hub, is_official, is_respelled), "{name}{tag}");
            assert_eq!((parts.path, parts.digest), (name.len(), name.len() + tag.len() + 1));
            assert_eq!(parts.tag(), (!tag.is_empty()).then_some((name.len() + 1, name.len() + 2)));
        }
    }
}

#[test]
fn ecr_is_read_from_the_whole_domain_only() {
    let digest = format!("sha256:{}", "0".repeat(64));
    for (domain, region) in [
        ("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn", Some("cn-north-1")),
        ("111122223333.dkr-ecr.eu-west-1.on.aws", Some("eu-west-1")),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com.evil.com", None),
        ("11112222333.dkr.ecr.eu-west-1.amazonaws.com", None),
        ("evil.111122223333.dkr.ecr.eu-west-1.amazonaws.com", None),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com:444", None),
        ("public.ecr.aws", None),
    ] {
        let image = Reference::parse(&format!("{domain}/a@{digest}")).unwrap();
        assert_eq!(image.ecr().map(|ecr| ecr.region).as_deref(), region, "{domain}");
    }
    // No reference has an empty label, but the grammar's own function may be asked.
    assert_eq!(ocisign_grammar::ecr_region(b"111122223333.dkr.ecr..amazonaws.com"), None);
}

#[test]
fn messages_name_the_place_and_the_fix() {
    for (input, offset, message, fix) in [
        (
            "a.b/c@sha256:12",
            13,
            "The digest has 2 hexadecimal digits, sha256 has 64, at byte 13.",
            "Copy the whole digest, for example from `docker buildx imagetools inspect` or the registry's page.",
        ),
        (
            "a.b/c:latest",
            12,
            "The digest is missing at byte 12.",
            "Add @sha256:… at the end; a tag can move to another image, a digest cannot.",
        ),
        (
            "a.b/c@md5:00",
            6,
            "The digest algorithm `md5` at byte 6 is not known.",
            "Use a digest that begins with sha256:, sha384: or sha512:.",
        ),
        (
            "web+https://a.b/c",
            0,
            "The reference begins with a scheme at byte 0.",
            "Remove `web+https://` and begin with the registry.",
        ),
        (
            "a.b/c:-tag@sha256:00",
            6,
            "The tag `-tag` at byte 6 is not valid.",
            "Use 1 to 128 of A-Z, a-z, 0-9, `_`, `.` and `-`, beginning with none of the last two; or leave the tag out.",
        ),
        (
            "a.b/cD@sha256:00",
            5,
            "The repository has the upper-case letter `D` at byte 5.",
            "Write the repository in lower case.",
        ),
        (
            "a.b/c\n",
            5,
            "There is a line break at byte 5 of the reference.",
            "Remove the line break; `echo` adds one, `printf %s` does not.",
        ),
        (
            "gօogle.com/c",
            1,
            "The character `\\u{585}` at byte 1 is not ASCII; it may look like another one.",
            "Type the reference again; write an international domain name in its xn-- form.",
        ),
    ] {
        let error = Reference::parse(input).unwrap_err();
        assert_eq!(
            (error.offset(), error.message().as_str(), error.fix().as_str()),
            (Some(offset), message, fix),
            "{input}"
        );
    }
}

#[test]
fn a_digest_that_is_too_short_is_told_how_long_it_should_be() {
    for (algorithm, right) in [("sha256", 64), ("sha384", 96), ("sha512", 128)] {
        let error = Reference::parse(&format!("a.b/c@{algorithm}:12")).unwrap_err();
        let told = format!("The digest has 2 hexadecimal digits, {algorithm} has {right}, at byte 13.");
        assert_eq!(error.message(), told);
    }
}

/// A text, where it is wrong, and what is said.
type Told = (&'static str, usize, &'static str);

const REGISTRIES: &[Told] = &[
    (".b", 0, "The registry's name has an empty part at byte 0."),
    ("a..b", 2, "The registry's name has an empty part at byte 2."),
    ("a.b.", 4, "The registry's name has an empty part at byte 4."),
    ("a.:80", 2, "The registry's name has an empty part at byte 2."),
    ("-a.b", 0, "A part of the registry's name at byte 0 begins or ends with `-`."),
    ("a.b-.c", 2, "A part of the registry's name at byte 2 begins or ends with `-`."),
    ("a.b-", 2, "A part of the registry's name at byte 2 begins or ends with `-`."),
    ("a.b-:80", 2, "A part of the registry's name at byte 2 begins or ends with `-`."),
    ("a_b", 1, "The registry's name has `_` at byte 1."),
    ("a.09azAZ-_.b", 9, "The registry's name has `_` at byte 9."),
    ("a.b!:80", 3, "The registry's name has `!` at byte 3."),
    ("a.{x*64}", 2, "A part of the registry's name at byte 2 is longer than 63 characters."),
    ("a.{x*63}_", 2, "A part of the registry's name at byte 2 is longer than 63 characters."),
    ("a.{x*62}_", 64, "The registry's name has `_` at byte 64."),
    ("{a.*126}ab", 0, "The registry's name has 254 characters; a DNS name has at most 253."),
    ("{a.*126}__:80", 0, "The registry's name has 254 characters; a DNS name has at most 253."),
    ("{a.*126}_:80", 252, "The registry's name has `_` at byte 252."),
    ("{a.*125}a-", 250, "A part of the registry's name at byte 250 begins or ends with `-`."),
    ("127.1", 0, "`127.1` at byte 0 is an IPv4 address that is not in its plain form."),
    ("127.1:80", 0, "`127.1` at byte 0 is an IPv4 address that is not in its plain form."),
    ("a.b:0", 4, "The port at byte 4 is not a number from 1 to 65535."),
    ("a.b:80:90", 4, "The port at byte 4 is not a number from 1 to 65535."),
    ("a.b:8a", 4, "The port at byte 4 is not a number from 1 to 65535."),
    ("[::1", 1, "The bracket before byte 1 is not closed."),
    ("[::g]", 1, "There is no IPv6 address in the brackets at byte 1."),
    ("[::1]x:5", 5, "`x:5` follows the address at byte 5."),
    ("[::1]:0", 6, "The port at byte 6 is not a number from 1 to 65535."),
    ("https://a.b", 0, "The registry begins with a scheme at byte 0."),
    ("app", 0, "`app` at byte 0 is not a registry."),
];

#[test]
fn a_wrong_registry_is_told_with_its_place() {
    for (written, offset, message) in REGISTRIES {
        let error = read_registry(&expand(written)).unwrap_err();
        assert_eq!((error.offset(), error.message().as_str()), (Some(*offset), *message), "{written}");
    }
}

#[test]
fn registries_at_the_edges_of_the_grammar() {
    for registry in [
        "{a.*126}a",
        "{a.*126}a:65535",
        "{x*63}.{x*63}",
        "a.1b",
        "a.0xg",
        "a.0b:80",
        "a-b.c--d",
        "[::]",
        "[::1]:1",
        "[1:2:3:4:5:6:7:8]",
        "[1::8]",
        "[1:2:3::6:7:8]",
        "[1:2:3:4:5:6:7::]",
        "[::2:3:4:5:6:7:8]",
        "[abcd::ef01]",
        "0.0.0.0",
        "255.255.255.255:1",
    ] {
        let registry = expand(registry);
        assert_eq!(read_registry(&registry).as_ref(), Ok(&registry));
    }
    for none in [
        "[]",
        "[:]",
        "[:::]",
        "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8:9]",
        "[1:2:3:4::5:6:7:8]",
        "[1::2::3]",
        "[1:2:3:4:5:6:7:8::]",
        "[::1:2:3:4:5:6:7:8]",
        "[12345::]",
        "[::12345]",
        "[1:]",
        "[:1]",
        "[::1:]",
        "[::127.0.0.1]",
        "[::1]8",
        "[::1]:",
        "[::1]:08",
        "1.2.3.256",
        "1.2.3.4.5",
        "1.2.3.04",
        "1..2.3",
        "a.b:99999",
        "a.b:100000",
        "a.b:65536",
    ] {
        assert!(read_registry(none).is_err(), "{none}");
    }
}

const PATHS: &[Told] = &[
    ("", 4, "A part of the repository's path is missing at byte 4."),
    ("c/", 6, "A part of the repository's path is missing at byte 6."),
    ("c//d", 6, "A part of the repository's path is missing at byte 6."),
    ("-c", 4, "The repository has `-` where it cannot stand, at byte 4."),
    ("c/.d", 6, "The repository has `.` where it cannot stand, at byte 6."),
    ("c-", 5, "The repository has `-` where it cannot stand, at byte 5."),
    ("c--/d", 5, "The repository has `--` where it cannot stand, at byte 5."),
    ("c..d", 5, "The repository has `..` where it cannot stand, at byte 5."),
    ("c_.d/e", 5, "The repository has `_.` where it cannot stand, at byte 5."),
    ("c/d.e___f", 9, "The repository has `___` where it cannot stand, at byte 9."),
    ("x/c.D", 8, "The repository has the upper-case letter `D` at byte 8."),
    ("x/az09._-D", 13, "The repository has the upper-case letter `D` at byte 13."),
    ("x/c.?", 8, "The repository has `?` at byte 8."),
    ("x/c!", 7, "The repository has `!` at byte 7."),
];

#[test]
fn a_wrong_path_is_told_with_its_place() {
    let digest = format!("sha256:{}", "0".repeat(64));
    for (path, offset, message) in PATHS {
        let error = Reference::parse(&format!("a.b/{path}@{digest}")).unwrap_err();
        assert_eq!((error.offset(), error.message().as_str()), (Some(*offset), *message), "{path}");
    }
}

#[test]
fn an_ipv6_address_in_front_changes_nothing_about_the_path() {
    let digest = format!("sha256:{}", "0".repeat(64));
    for registry in ["[::1]", "[2001:DB8::1]:5000", "[1:2:3:4:5:6:7:8]:5000"] {
        let image = Reference::parse(&format!("{registry}/a-b/c.d__e:1.0@{digest}")).unwrap();
        assert_eq!((image.repository(), image.tag()), ("a-b/c.d__e", Some("1.0")), "{registry}");
        assert_eq!(image.registry(), registry.to_ascii_lowercase());
    }
}

#[test]
fn a_password_in_front_is_never_repeated() {
    for (input, code) in [
        ("user:hunter2@app@sha256:00", "registry-missing"),
        ("user:hunter2@@sha256:00", "registry-missing"),
        ("user:hunter2@registry.example/app@sha256:00", "user-info"),
        // What follows looks like a digest at first.
        ("user:hunter2@sha256.example/app", "user-info"),
        ("user:hunter2@a.test:5000/app", "user-info"),
        ("user:hunter2@registry.example", "registry-missing"),
        ("user:hunter2@https://registry.example/app", "scheme"),
        ("https://user:hunter2@registry.example/app", "scheme"),
        // Longer than any scheme.
        ("hunter2-hunter2-hunter2://registry.example/app", "scheme"),
        ("hunter2!://registry.example/app", "scheme"),
    ] {
        let error = Reference::parse(input).unwrap_err();
        assert_eq!(error.code(), code, "{input}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn what_is_no_registry_is_repeated_only_in_what_looks_like_an_image() {
    let (named, hidden) = ("`app` at byte 0 is not a registry.", "What stands at byte 0 is not a registry.");
    for (text, message) in [
        ("app@sha256:00", "`app@sha256:00` at byte 0 is not a registry."),
        ("app/api", named),
        ("app/api@sha256:00", named),
        ("app", hidden),
        ("app@example", hidden),
        ("eyJhbGciOiJub25lIn0/e30", hidden),
        ("eyJhbGciOiJub25lIn0@sha256:00", hidden),
    ] {
        let text = text.to_owned();
        assert_eq!(Reference::parse(&text).unwrap_err().message(), message, "{text}");
    }
}

/// Whatever is thrown at it, it answers, offsets lie within the text, and what is accepted is stable.
#[test]
fn random_inputs() {
    let seed =
        std::env::var("SEED").map_or_else(|_| u64::from(std::process::id()), |text| text.parse().unwrap());
    println!("SEED={seed}");
    let mut state = seed | 1;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let valid = format!("registry.example:5000/team/app:1@sha256:{}", "0123456789abcdef".repeat(4));
    let pieces =
        ["@", ":", "/", ".", "[", "]", "%", "\n", "é", "𝕏", "A", "-", "_", "0", "sha256:", "//", "\0", " "];
    for _ in 0..20_000 {
        let mut text: Vec<char> = valid.chars().collect();
        for _ in 0..=random(3) {
            let place = random(text.len() + 1);
            match random(3) {
                0 if place < text.len() => drop(text.remove(place)),
                1 => text.truncate(place),
                _ => drop(text.splice(place..place, pieces.get(random(pieces.len())).unwrap().chars())),
            }
        }
        let text: String = text.into_iter().collect();
        match Reference::parse(&text) {
            Ok(reference) => assert_eq!(
                Reference::parse(&reference.canonical()).unwrap().canonical(),
                reference.canonical()
            ),
            Err(error) => {
                assert!(error.offset().is_some_and(|offset| offset <= text.len()), "{text:?}: {error}")
            }
        }
    }
}

fn check_table(table: &str) -> usize {
    let rows: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
    for row in &rows {
        let [input, verdict, _] = row.split('\t').collect::<Vec<_>>().try_into().expect(row);
        let input = expand(input);
        let found = match Reference::parse(&input) {
            Ok(reference) => format!("={}", reference.canonical()),
            Err(error) => error.code().to_owned(),
        };
        assert_eq!(found, expand(verdict), "{row}");
    }
    rows.len()
}

/// Writes out `{x*n}` and the escapes of the tables.
fn expand(text: &str) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if let Some((inner, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            let (repeated, times) = inner.rsplit_once('*').unwrap();
            expanded.push_str(&repeated.repeat(times.parse().unwrap()));
            rest = after;
        } else if let Some((hex, after)) = rest.strip_prefix("\\u{").and_then(|rest| rest.split_once('}')) {
            expanded.push(char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap());
            rest = after;
        } else if let Some(after) = rest.strip_prefix('\\') {
            expanded.push(match after.chars().next().unwrap() {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            });
            rest = after.split_at(1).1;
        } else {
            expanded.push(character);
            rest = rest.split_at(character.len_utf8()).1;
        }
    }
    expanded
}
