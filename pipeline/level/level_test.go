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

// TestForms holds how the three units are shown to a person and written into a
// show's file, and that the file's form is read back.
func TestForms(t *testing.T) {
	t.Parallel()
	type form interface {
		fmt.Stringer
		MarshalText() ([]byte, error)
	}
	silence := math.Inf(-1)
	for _, tt := range []struct {
		in          form
		shown, file string
	}{
		{level.DB(-1.25), "-1.2 dB", "-1.25dB"},
		{level.DB(silence), "−∞ dB", "-InfdB"},
		{level.LUFS(-16), "-16.0 LUFS", "-16LUFS"},
		{level.LUFS(silence), "−∞ LUFS", "-InfLUFS"},
		{level.DBTP(-1), "-1.0 dBTP", "-1dBTP"},
		{level.DBTP(silence), "−∞ dBTP", "-InfdBTP"},
	} {
		b, err := tt.in.MarshalText()
		if got := tt.in.String(); got != tt.shown || err != nil || string(b) != tt.file {
			t.Errorf("shown as %q, written as %q (%v); want %q and %q", got, b, err, tt.shown, tt.file)
		}
	}
	var loudness level.LUFS
	var peak level.DBTP
	if err := loudness.UnmarshalText([]byte("-16LUFS")); err != nil || loudness != -16 {
		t.Errorf("%v (%v)", loudness, err)
	}
	if err := peak.UnmarshalText([]byte("-1.5 dBTP")); err != nil || peak != -1.5 {
		t.Errorf("%v (%v)", peak, err)
	}
	if err := peak.UnmarshalText([]byte("-1 dB")); err == nil {
		t.Errorf("a gain was taken for the peak %v", peak)
	}
}

func TestFactor(t *testing.T) {
	t.Parallel()
	for db, factor := range map[level.DB]float64{0: 1, 20: 10, -20: 0.1, 6: 1.9953} {
		if got := db.Factor(); math.Abs(got-factor) > 1e-4 {
			t.Errorf("%v is a factor of %v, want %v", db, got, factor)
		}
		if got := level.FromFactor(db.Factor()); math.Abs(float64(got-db)) > 1e-9 {
			t.Errorf("%v is %v after its factor", db, got)
		}
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
