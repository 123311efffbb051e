// Package batches answers one question after the other, many at a time: on standard input a batch is the number of its
// questions, then each with its length before it; on standard output its answers are one text, with its length before it,
// an answer a line. Numbers have four bytes, the lowest first.
package batches

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// Longer than any question: a length beyond it means that the two sides no longer agree where a question begins.
const longest = 16 << 20

// Answer appends the answer to a question, without a line feed.
type Answer func(answers []byte, question []byte) []byte

// Serve answers until standard input ends.
func Serve(answer Answer) {
	if err := serve(os.Stdin, os.Stdout, answer); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(from io.Reader, to io.Writer, answer Answer) error {
	in := bufio.NewReaderSize(from, 1<<20)
	var question, answers []byte
	for {
		count, err := number(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		// Room for the length of all.
		answers = append(answers[:0], 0, 0, 0, 0)
		for range count {
			if question, err = next(in, question); err != nil {
				return err
			}
			answers = append(answer(answers, question), '\n')
		}
		binary.LittleEndian.PutUint32(answers, uint32(len(answers)-4))
		if _, err := to.Write(answers); err != nil {
			return err
		}
	}
}

func next(in io.Reader, room []byte) ([]byte, error) {
	length, err := number(in)
	if err != nil {
		return nil, err
	}
	if length > longest {
		return nil, fmt.Errorf("a question of %d bytes", length)
	}
	if cap(room) < int(length) {
		room = make([]byte, length)
	}
	_, err = io.ReadFull(in, room[:length])
	return room[:length], err
}

func number(in io.Reader) (uint32, error) {
	var bytes [4]byte
	_, err := io.ReadFull(in, bytes[:])
	return binary.LittleEndian.Uint32(bytes[:]), err
}
