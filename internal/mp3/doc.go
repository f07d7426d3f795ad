// Package mp3 answers which MPEG frames a stretch of sound becomes, and how
// stretches that were encoded apart are joined into one stream that plays as
// if it had been encoded whole.
//
// Everything here is MPEG-1 layer III at a constant bit rate (ISO/IEC 11172-3).
// A [Library] is libmp3lame, loaded at run time: one fresh encoder a stretch,
// so that stretches do not depend on each other and can be encoded on every
// core and kept. A frame of a fresh encoder refers to nothing before it
// (main_data_begin 0), so whole frames can be put one behind another:
//
//   - Where at least [Settle] frames of digital silence end a stretch, what the
//     encoder would have carried into the next one is silence. The first n
//     frames for n frames of sound are kept, and those of the encoder's flush
//     are left out, but at the end of the stream.
//   - Where there is sound at the joint, each side is encoded with frames of the
//     other one before and behind that are left out again, and its bit reservoir
//     begins at the joint ([Library.EncodeFrom]).
//
// A [Stream] counts what was joined and writes the Info frame that stands in
// front: with it a player gives back exactly the samples that went in.
package mp3
