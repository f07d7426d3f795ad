"""Tells what mutagen and eyeD3 read in audio files, and what stands in the
chunks of a WAV file: a JSON list on stdout. What a reader does not tell is left
out."""
import base64
import json
import logging
import os
import struct
import sys

logging.disable(logging.CRITICAL)
import eyed3
from mutagen.flac import FLAC, Picture
from mutagen.id3 import ID3
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.wave import WAVE


def id3(path, t, length):
    text = lambda k: str(t[k].text[0]) if k in t else ""
    tables = {c.element_id: c for c in t.getall("CTOC")}
    order = []

    def walk(ids):
        for i in ids:
            walk(tables[i].child_element_ids) if i in tables else order.append(i)

    for c in tables.values():
        if c.flags & 2:
            walk(c.child_element_ids)
    chapters = []
    for i in order:
        c = t["CHAP:" + i]
        names = c.sub_frames.getall("TIT2")
        pics = c.sub_frames.getall("APIC")
        links = c.sub_frames.getall("WXXX")
        chapters.append(dict(Title=names[0].text[0] if names else "", Start=c.start_time / 1000, End=c.end_time / 1000,
                             Image=len(pics[0].data) if pics else 0, Link=links[0].url if links else ""))
    cover = t.getall("APIC")
    return [
        dict(Reader="mutagen", File=path, Title=text("TIT2"), Artist=text("TPE1"), Album=text("TALB"), Genre=text("TCON"),
             Date=text("TDRC") or text("TYER") + "-" + text("TDAT")[2:] + "-" + text("TDAT")[:2], Language=text("TLAN"),
             Link=t["WOAF"].url if "WOAF" in t else "", Cover=len(cover[0].data) if cover else 0, Length=length, Chapters=chapters),
        # The tag says how long the sound is, too.
        dict(Reader="mutagen: TLEN", File=path, Title=text("TIT2"), Length=int(text("TLEN")) / 1000),
    ]


def seconds(clock):
    h, m, s = clock.split(":")
    return int(h) * 3600 + int(m) * 60 + float(s)


def vorbis(path, t, pictures):
    one = lambda k: t[k][0] if k in t else ""
    chapters = []
    while "CHAPTER%03d" % len(chapters) in t:
        k = "CHAPTER%03d" % len(chapters)
        chapters.append(dict(Title=one(k + "NAME"), Start=seconds(one(k)), Link=one(k + "URL")))
    return [dict(Reader="mutagen", File=path, Title=one("title"), Artist=one("artist"), Album=one("album"), Genre=one("genre"),
                 Date=one("date"), Language=one("language"), Link=one("website"), Length=t.info.length,
                 Cover=len(pictures[0].data) if pictures else 0, Chapters=chapters)]


def opus(path):
    t = OggOpus(path)
    return vorbis(path, t, [Picture(base64.b64decode(b)) for b in t.get("metadata_block_picture", [])])


def flac(path):
    t = FLAC(path)
    return vorbis(path, t, t.pictures)


def mp4(path):
    m = MP4(path)
    one = lambda k: m[k][0] if k in m else ""
    own = lambda k: m["----:com.apple.iTunes:" + k][0].decode() if "----:com.apple.iTunes:" + k in m else ""
    told = dict(Reader="mutagen and Nero", File=path, Title=one("\xa9nam"), Artist=one("\xa9ART"), Album=one("\xa9alb"), Genre=one("\xa9gen"),
                Date=one("\xa9day"), Language=own("LANGUAGE"), Link=own("WEBSITE"), Cover=len(one("covr")), Length=m.info.length)
    if m.chapters:
        # This version of mutagen divides by the movie's timescale, as if the list counted in it.
        told["Chapters"] = [dict(Title=c.title, Start=c.start * m.chapters._timescale / 1000) for c in m.chapters]
    return [told]


def chunks(b):
    at = 0
    while at + 8 <= len(b):
        kind, size = struct.unpack("<4sI", b[at:at + 8])
        yield kind, b[at + 8:at + 8 + size]
        at += 8 + size + size % 2


def wav(path):
    b = open(path, "rb").read()
    assert b[:4] == b"RIFF" and struct.unpack("<I", b[4:8])[0] == len(b) - 8 and b[8:12] == b"WAVE"
    told = dict(Reader="chunks", File=path, Chapters=[])
    points, titles, lengths, info = [], {}, {}, {}
    for kind, body in chunks(b[12:]):
        if kind == b"fmt ":
            rate, frame = struct.unpack("<I", body[4:8])[0], struct.unpack("<H", body[12:14])[0]
        elif kind == b"data":
            frames = len(body) // frame
        elif kind == b"cue ":
            points = [struct.unpack("<II4sIII", body[4 + 24 * i:28 + 24 * i]) for i in range(struct.unpack("<I", body[:4])[0])]
        elif kind == b"LIST":
            for sub, x in chunks(body[4:]):
                if body[:4] == b"INFO":
                    info[sub] = x.rstrip(b"\0").decode()
                elif sub == b"labl":
                    titles[struct.unpack("<I", x[:4])[0]] = x[4:].rstrip(b"\0").decode()
                elif sub == b"ltxt":
                    lengths[struct.unpack("<I", x[:4])[0]] = struct.unpack("<I", x[4:8])[0]
    told.update(Title=info[b"INAM"], Artist=info[b"IART"], Album=info[b"IPRD"], Genre=info[b"IGNR"], Date=info[b"ICRD"], Language=info[b"ILNG"])
    for number, position, chunk, _, _, offset in points:
        assert chunk == b"data" and position == offset
        told["Chapters"].append(dict(Title=titles[number], Start=offset / rate, End=(offset + lengths[number]) / rate))
    told["Length"] = frames / rate
    return [told]


def eyed(path):
    f = eyed3.load(path)
    t = f.tag
    by = {c.element_id: c for c in t.chapters}
    order = []

    def walk(table):
        for i in table.child_ids:
            i = i if isinstance(i, bytes) else i.encode()
            sub = t.table_of_contents.get(i)
            walk(sub) if sub else order.append(i)

    for toc in t.table_of_contents:
        if toc.toplevel:
            walk(toc)
    link = lambda u: (u or b"").decode() if isinstance(u, (bytes, type(None))) else u
    return [dict(Reader="eyeD3", File=path, Title=t.title, Artist=t.artist, Album=t.album, Genre=t.genre.name if t.genre else "",
                 Cover=len(t.images[0].image_data) if len(t.images) else 0,
                 Chapters=[dict(Title=by[i].title or "", Start=by[i].times[0] / 1000, End=by[i].times[1] / 1000, Link=link(by[i].user_url)) for i in order])]


told = []
for path in sys.argv[1:]:
    readers = {
        ".mp3": [lambda p: id3(p, ID3(p, translate=False), MP3(p).info.length), eyed],
        ".m4a": [mp4],
        ".m4b": [mp4],
        ".opus": [opus],
        ".flac": [flac],
        ".wav": [lambda p: (lambda f: id3(p, f.tags, f.info.length))(WAVE(p)), wav],
    }[os.path.splitext(path)[1]]
    for read in readers:
        try:
            told += read(path)
        except Exception as e:
            told.append(dict(Reader="python", File=path, Problem="%s: %s" % (type(e).__name__, e)))
json.dump(told, sys.stdout)
