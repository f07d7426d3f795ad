package voicetest

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net"
	"net/http"
)

// Sized answers with good audio whose header gives its samples another size,
// in bytes: writers to a pipe leave such as 0, 0x7FFFF000 or 2000000000.
func Sized(size uint32) Fault {
	return spoken(func(s Sound) (string, []byte) {
		b := s.WAV()
		binary.LittleEndian.PutUint32(b[4:], size)
		binary.LittleEndian.PutUint32(b[40:], size)
		return "audio/wav", b
	})
}

// Listed answers with good audio that has a LIST chunk before its samples, as
// ffmpeg writes it: they begin at byte 78.
func Listed() Fault {
	return spoken(func(s Sound) (string, []byte) {
		b := s.WAV()
		list := append([]byte("LIST"), 26, 0, 0, 0)
		list = append(list, "INFOISFT"...)
		list = append(append(list, 14, 0, 0, 0), "Lavf59.27.100\x00"...)
		return "audio/wav", append(b[:36:36], append(list, b[36:]...)...)
	})
}

// EightBit answers with good audio of unsigned samples of 8 bits.
func EightBit() Fault {
	return spoken(func(s Sound) (string, []byte) {
		b := wavHeader(1, s.Rate, 1, len(s.Samples))
		for _, x := range s.Samples {
			b = append(b, byte((int(x)+32768)>>8))
		}
		return "audio/wav", b
	})
}

// OddWAV answers with a file that was never given its sizes and ends inside a
// sample.
func OddWAV() Fault {
	return spoken(func(s Sound) (string, []byte) {
		b := append(header44(s.Rate), s.PCM()...)
		return "audio/wav", b[:len(b)-1]
	})
}

// WrongRate answers with a file whose header names half the rate of its
// samples: it is heard twice as long, and an octave too low.
func WrongRate() Fault {
	return spoken(func(s Sound) (string, []byte) { return "audio/wav", Sound{s.Rate / 2, s.Samples}.WAV() })
}

// Babble answers with the speech, and then with its end again and again, as
// models do that do not find to an end.
func Babble() Fault {
	return spoken(func(s Sound) (string, []byte) {
		out := Sound{s.Rate, append([]int16{}, s.Samples...)}
		tail := s.loud().after(0.75).Samples
		for len(out.Samples) < 8*len(s.Samples) && len(tail) > 0 {
			out.Samples = append(out.Samples, tail...)
		}
		return "audio/wav", out.WAV()
	})
}

// Lines answers with good audio as NDJSON, a piece a line at audio, base64.
func Lines(pieces int) Fault {
	return spoken(func(s Sound) (string, []byte) {
		b, out := append(header44(s.Rate), s.PCM()...), []byte(nil)
		for i := range pieces {
			line, _ := json.Marshal(map[string]string{"audio": base64.StdEncoding.EncodeToString(b[i*len(b)/pieces : (i+1)*len(b)/pieces])})
			out = append(append(out, line...), '\n')
		}
		return "application/json", out // as Kokoro calls it
	})
}

// CutChunks ends the connection in the middle of a chunked answer, whose
// length nobody was told.
func CutChunks() Fault {
	return func(w http.ResponseWriter, _ *http.Request, say func() (Sound, error)) {
		sound, err := say()
		if err != nil {
			refuse(w, http.StatusInternalServerError, "server_error", "", "", err.Error())
			return
		}
		b := append(header44(sound.Rate), sound.PCM()...)
		w.Header().Set("Content-Type", "audio/wav")
		_, _ = w.Write(b[:len(b)/4*2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // net/http's way to break a connection
	}
}

// Reset breaks the connection before there is an answer.
func Reset() Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ func() (Sound, error)) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			refuse(w, http.StatusInternalServerError, "server_error", "", "", err.Error())
			return
		}
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // RST rather than FIN
		}
		_ = c.Close()
	}
}

// Redirect sends whoever asks to another address.
func Redirect(status int, to string) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ func() (Sound, error)) { http.Redirect(w, r, to, status) }
}

// named are the faults of this file, for Named.
func named() map[string]Fault {
	return map[string]Fault{
		"sized": Sized(0x7FFFF000), "listed": Listed(), "8bit": EightBit(), "odd": OddWAV(), "rate": WrongRate(), "babble": Babble(),
		"loop": Loop(), "clipped": Clipped(), "shifted": Shifted(), "dead-air": DeadAir(), "quiet": Quiet(), "cut-off": CutOff(0.7),
		"cut-chunks": CutChunks(), "reset": Reset(), "redirect": Redirect(http.StatusTemporaryRedirect, "http://elsewhere.invalid/v1/audio/speech"),
	}
}
