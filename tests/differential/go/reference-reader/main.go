// Reads references with distribution/reference, by its grammar (Parse) and as docker means them (ParseNormalizedNamed).
// The answer has both, with "|" between them: "-" for a text that is none, otherwise its parts, with tabs between them.
package main

import (
	// go-digest knows only the algorithms that a program brings.
	_ "crypto/sha256"
	_ "crypto/sha512"

	"github.com/distribution/reference"

	"ocisign.example/readers/batches"
)

func main() {
	batches.Serve(func(answers, question []byte) []byte {
		text := string(question)
		parsed, err := reference.Parse(text)
		if named, ok := parsed.(reference.Named); err == nil && ok {
			answers = parts(answers, named)
		} else {
			answers = append(answers, '-')
		}
		answers = append(answers, '|')
		normalized, err := reference.ParseNormalizedNamed(text)
		if err != nil {
			return append(answers, '-')
		}
		answers = parts(answers, normalized)
		return append(append(answers, '\t'), reference.FamiliarString(normalized)...)
	})
}

// Domain, path, tag and digest, and the whole of it as the library writes it.
func parts(answers []byte, named reference.Named) []byte {
	answers = append(append(answers, reference.Domain(named)...), '\t')
	answers = append(append(answers, reference.Path(named)...), '\t')
	if tagged, ok := named.(reference.Tagged); ok {
		answers = append(answers, tagged.Tag()...)
	}
	answers = append(answers, '\t')
	if digested, ok := named.(reference.Digested); ok {
		answers = append(answers, digested.Digest().String()...)
	}
	return append(append(answers, '\t'), named.String()...)
}
