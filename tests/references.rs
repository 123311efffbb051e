//! The tables of references: distribution/reference's own, each row with our verdict, and ours.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ocisign::Reference;

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
