//! Leaves out what no browser reads: whole-line comments, indentation, empty lines. Every statement keeps its own line,
//! so that no rule of the language about line ends can be broken, and nothing inside a line is touched.

/// Makes JavaScript or CSS smaller, or returns it as it is where the lines alone cannot tell what is a comment.
pub(super) fn compact(source: &str) -> String {
    without_comment_lines(source).unwrap_or_else(|| source.to_owned())
}

fn without_comment_lines(source: &str) -> Option<String> {
    let mut in_comment = false;
    let mut small = String::with_capacity(source.len());
    for line in source.lines().map(str::trim) {
        if in_comment || line.starts_with("/*") {
            match line.split_once("*/") {
                Some((_, "")) => in_comment = false,
                Some((_, _code)) => return None,
                None => in_comment = true,
            }
            continue;
        }
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        let inside = line.matches('`').count() % 2 == 1 || line.ends_with('\\');
        let opens = line
            .rfind("/*")
            .is_some_and(|start| line.rfind("*/") < Some(start));
        if inside || opens {
            return None;
        }
        small.push_str(line);
        small.push('\n');
    }
    Some(small)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_comments_indentation_and_empty_lines_only() {
        let source = "/**\n * Words.\n */\nexport function go() {\n\n    // why\n    return 'a // b /* c */';\n    /* one line */\n}\n";
        assert_eq!(
            compact(source),
            "export function go() {\nreturn 'a // b /* c */';\n}\n"
        );
    }

    #[test]
    fn leaves_alone_what_lines_cannot_tell() {
        for source in [
            "x = `one\n    two`;\n",
            "x = 'one \\\n    // two';\n",
            "/* a */ go();\n",
            "/* a\n*/ go();\n",
            "go(); /* a\n/* b */\nstop();\n",
        ] {
            assert_eq!(compact(source), source);
        }
    }
}
