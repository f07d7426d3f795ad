"""Speaks a text with libespeak-ng into a WAV file, and prints where each word
begins: its place in the text in characters from 1, and milliseconds."""
import ctypes
import sys
import wave


class Event(ctypes.Structure):
    # espeak_EVENT of espeak-ng/speak_lib.h
    _fields_ = [
        ("type", ctypes.c_int), ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int), ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int), ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p), ("id", ctypes.c_char * 8),
    ]


RETRIEVAL, WORD, POS_CHARACTER, UTF8 = 1, 1, 1, 1
text, path = sys.argv[1].encode(), sys.argv[2]
lib = ctypes.CDLL("libespeak-ng.so.1")
rate = lib.espeak_Initialize(RETRIEVAL, 0, None, 0)
samples = bytearray()


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
def heard(wav, count, events):
    if wav and count > 0:
        samples.extend(ctypes.string_at(wav, 2 * count))
    i = 0
    while events[i].type:
        if events[i].type == WORD:
            print(events[i].text_position, events[i].audio_position)
        i += 1
    return 0


lib.espeak_SetSynthCallback(heard)
lib.espeak_SetVoiceByName(b"en")
lib.espeak_Synth(text, ctypes.c_size_t(len(text) + 1), 0, POS_CHARACTER, 0, UTF8, None, None)
lib.espeak_Synchronize()
with wave.open(path, "wb") as out:
    out.setnchannels(1)
    out.setsampwidth(2)
    out.setframerate(rate)
    out.writeframes(bytes(samples))
