//! What the name of an Amazon ECR registry says.
//! The forms are those of the AWS General Reference, "Amazon ECR endpoints and quotas".

/// Where the region stands in `<account>.dkr.ecr[-fips].<region>.amazonaws.com[.cn]` or
/// `<account>.dkr-ecr[-fips].<region>.on.aws`, whole; anything else is not ECR. The account is the first twelve bytes.
#[must_use]
pub fn ecr_region(domain: &[u8]) -> Option<(usize, usize)> {
    let (account, rest) = domain.split_at_checked(12)?;
    let (front, ends): (usize, &[&[u8]]) = if rest.starts_with(b".dkr.ecr.") {
        (9, &[b".amazonaws.com", b".amazonaws.com.cn"])
    } else if rest.starts_with(b".dkr.ecr-fips.") {
        (14, &[b".amazonaws.com", b".amazonaws.com.cn"])
    } else if rest.starts_with(b".dkr-ecr.") {
        (9, &[b".on.aws"])
    } else if rest.starts_with(b".dkr-ecr-fips.") {
        (14, &[b".on.aws"])
    } else {
        return None;
    };
    let rest = rest.get(front..)?;
    let length = rest.iter().position(|byte| matches!(byte, b'.' | b':'))?;
    let (_, end) = rest.split_at_checked(length)?;
    let is_account = account.iter().all(u8::is_ascii_digit);
    let begin = 12 + front;
    (is_account && length > 0 && ends.contains(&end)).then_some((begin, begin + length))
}
