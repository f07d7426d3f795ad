package voices_test

import (
	"context"
	"fmt"

	"github.com/narrapress/narrapress/voices"
)

// A show's endpoint is a preset and what is other about it; a voice names it.
func Example() {
	endpoints, err := voices.Resolve(map[string]voices.Endpoint{"local": {Preset: "flite"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	studio, err := voices.Open(endpoints, voices.OpenOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	speech, err := studio.Synthesize(context.Background(), voices.Request{
		Voice: voices.Voice{Name: "host", Endpoint: "local", Voice: "slt"},
		Text:  "Hello, and welcome.",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(speech.MediaType, speech.Attempts)
	// Output: audio/wav 1
}

func ExampleResolve() {
	_, err := voices.Resolve(map[string]voices.Endpoint{"studio": {Preset: "opnai"}})
	fmt.Println(err)
	// Output: endpoint studio: there is no preset "opnai"; did you mean "openai"? There are azure, cartesia, coqui, deepgram, elevenlabs, espeak-ng, festival, flite, gemini, google, kokoro, localai, openai, piper, piper-http, piper-http-old, polly, say, speaches
}

func ExampleCast_Voice() {
	cast, err := voices.NewCast(
		map[string]string{"body": "anna", "quote": "ben"},
		map[string]voices.Voice{"anna": {Voice: "alloy"}, "ben": {Voice: "onyx"}},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(cast.Voice("speaker:Ada").Name, cast.Voice("quote").Name, cast.Voice("heading").Name)
	// Output: ben ben anna
}
