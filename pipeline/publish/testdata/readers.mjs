// Tells what music-metadata, node-id3 and mp4box read in audio files: a JSON
// list on stdout.
import {readFileSync} from 'node:fs';
import {extname} from 'node:path';
import {createRequire} from 'node:module';
import {parseFile} from 'music-metadata';

const require = createRequire(process.cwd() + '/');
const id3 = require('node-id3'), mp4box = require('mp4box');

async function musicMetadata(file) {
  const {common: c, format: f} = await parseFile(file, {includeChapters: true, duration: true});
  const told = {
    Reader: 'music-metadata', File: file, Title: c.title, Artist: c.artist, Album: c.album, Genre: (c.genre || [])[0], Language: c.language || '',
    Cover: c.picture ? c.picture[0].data.length : 0, Length: f.duration,
  };
  // Of ID3 it tells seconds, and nothing where tables of contents are nested.
  if (f.chapters) told.Chapters = f.chapters.map(x => ({Title: x.title, Start: x.start / (x.timeScale || 1)}));
  return told;
}

async function nodeID3(file) {
  const t = id3.read(file);
  return {
    Reader: 'node-id3', File: file, Title: t.title, Artist: t.artist, Album: t.album, Genre: t.genre, Cover: t.image ? t.image.imageBuffer.length : 0,
    Chapters: (t.chapter || []).map(x => ({
      Title: x.tags.title, Start: x.startTimeMs / 1000, Image: x.tags.image ? x.tags.image.imageBuffer.length : 0,
    })),
  };
}

async function box(file) {
  const b = readFileSync(file);
  const f = mp4box.createFile();
  const buffer = b.buffer.slice(b.byteOffset, b.byteOffset + b.length);
  buffer.fileStart = 0;
  const info = await new Promise((resolve, reject) => {
    f.onReady = resolve;
    f.onError = e => reject(new Error(e));
    f.appendBuffer(buffer);
    f.flush();
  });
  const told = {Reader: 'mp4box', File: file, Length: info.duration / info.timescale, Chapters: []};
  const texts = f.moov.traks.filter(t => t.mdia.hdlr.handler === 'text');
  if (info.tracks.length !== 1 + texts.length || texts.length > 1) throw new Error(`${info.tracks.length} tracks`);
  let at = 0;
  for (const s of texts.length ? f.getTrackSamplesInfo(texts[0].tkhd.track_id) : []) {
    if (at !== s.dts) throw new Error(`a sample at ${s.dts}, the one before ends at ${at}`);
    at += s.duration;
    told.Chapters.push({Title: b.toString('utf8', s.offset + 2, s.offset + 2 + b.readUInt16BE(s.offset)), Start: s.dts / s.timescale});
  }
  if (texts.length && texts[0].tkhd.flags & 1) throw new Error('the track of the chapters is shown');
  told.Title = f.moov.udta.meta ? Buffer.from(b).toString('utf8', ...title(b)) : '';
  return told;
}

// title is where the text of ©nam stands: mp4box leaves items as they are.
function title(b) {
  const at = b.indexOf(Buffer.from([0xa9, 0x6e, 0x61, 0x6d]));
  return [at + 20, at - 4 + b.readUInt32BE(at - 4)];
}

const told = [];
for (const file of process.argv.slice(1)) {
  const readers = {'.mp3': [musicMetadata, nodeID3], '.m4a': [musicMetadata, box], '.m4b': [musicMetadata, box]}[extname(file)] || [musicMetadata];
  for (const read of readers) {
    try {
      told.push(await read(file));
    } catch (e) {
      told.push({Reader: read.name, File: file, Problem: String(e)});
    }
  }
}
console.log(JSON.stringify(told));
