package level_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/narrapress/narrapress/pipeline/level"
)

func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]level.DB{"-1dB": -1, "-1 dB": -1, "+2.5db": 2.5, "0": 0, " 3 dB ": 3} {
		var got level.DB
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q is %v (%v), want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "dB", "loud", "1 LUFS", "NaN", "Inf dB", "-1 dB dB"} {
		var got level.DB
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was taken for %v", text, got)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	type levels struct {
		Gain     level.DB   `json:"gain"`
		Loudness level.LUFS `json:"loudness"`
		Peak     level.DBTP `json:"peak"`
	}
	in := levels{Gain: -1.5, Loudness: -16, Peak: level.DBTP(math.Inf(-1))}
	b, err := json.Marshal(in)
	if want := `{"gain":-1.5,"loudness":-16,"peak":null}`; err != nil || string(b) != want {
		t.Fatalf("%s (%v), want %s", b, err, want)
	}
	var out levels
	if err := json.Unmarshal(b, &out); err != nil || out != in {
		t.Errorf("read back: %+v (%v)", out, err)
	}
	if err := json.Unmarshal([]byte(`{"gain":"-1.5dB","loudness":"-16 LUFS","peak":null}`), &out); err != nil || out != in {
		t.Errorf("as texts: %+v (%v)", out, err)
	}
	if err := json.Unmarshal([]byte(`{"gain":[]}`), &out); err == nil {
		t.Error("a list was taken for a gain")
	}
}

func Example() {
	var gain level.DB
	if err := gain.UnmarshalText([]byte("-6dB")); err != nil {
		panic(err)
	}
	fmt.Printf("%v multiplies samples by %.3f\n", gain, gain.Factor())
	// Output: -6.0 dB multiplies samples by 0.501
}
