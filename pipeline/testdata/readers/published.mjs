// Tells what readers from npm see in the files of episodes and in their feeds: a
// JSON list on stdout. What a reader does not tell is left out.
import {readFileSync} from 'node:fs';
import {basename, extname} from 'node:path';
import {createRequire} from 'node:module';
import {parseFile} from 'music-metadata';

const require = createRequire(process.cwd() + '/');
const id3 = require('node-id3'), mp4box = require('mp4box');
const {WebVTTParser} = require('webvtt-parser'), {parseSync} = require('subtitle');
const {XMLValidator} = require('fast-xml-parser'), RSS = require('rss-parser'), {parseFeed} = require('podcast-partytime');

async function musicMetadata(file) {
  const {common: c, format: f, quality: q} = await parseFile(file, {includeChapters: true, duration: true});
  // It takes a chunk of a WAV file that is larger than all behind it for one that is cut.
  const warnings = q.warnings.map(w => w.message).filter(m => !/^Ignore chunk|^Data chunk size exceeds file size$/.test(m));
  if (warnings.length) throw new Error(warnings.join('; '));
  const told = {
    Reader: 'music-metadata', File: file, Title: c.title, Artist: c.artist, Album: c.album, Genre: (c.genre || [])[0], Language: c.language || '',
    Cover: c.picture ? c.picture[0].data.length : 0, Length: f.duration,
  };
  // Of ID3 it tells seconds, and nothing where tables of contents are nested.
  if (f.chapters) {
    told.Chapters = f.chapters.map(x => ({Title: x.title, Start: x.start / (x.timeScale || 1), ...(x.end === undefined ? {} : {End: x.end})}));
  }
  return [told];
}

async function nodeID3(file) {
  const t = id3.read(file);
  return [{
    Reader: 'node-id3', File: file, Title: t.title, Artist: t.artist, Album: t.album, Genre: t.genre, Cover: t.image ? t.image.imageBuffer.length : 0,
    Chapters: (t.chapter || []).map(x => ({
      Title: x.tags.title || '', Start: x.startTimeMs / 1000, End: x.endTimeMs / 1000, Image: x.tags.image ? x.tags.image.imageBuffer.length : 0,
    })),
  }];
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
    told.Chapters.push({
      Title: b.toString('utf8', s.offset + 2, s.offset + 2 + b.readUInt16BE(s.offset)), Start: s.dts / s.timescale, End: at / s.timescale,
    });
  }
  if (texts.length && texts[0].tkhd.flags & 1) throw new Error('the track of the chapters is shown');
  told.Title = f.moov.udta.meta ? Buffer.from(b).toString('utf8', ...title(b)) : '';
  // Each track says how long it is by itself, in the movie's timescale and in its own.
  const tracks = info.tracks.flatMap(t => [
    {Reader: `mp4box: ${t.codec} track`, File: file, Title: told.Title, Length: t.movie_duration / t.movie_timescale},
    {Reader: `mp4box: ${t.codec} media`, File: file, Title: told.Title, Length: t.duration / t.timescale},
  ]);
  return [told, ...tracks];
}

// title is where the text of ©nam stands: mp4box leaves items as they are.
function title(b) {
  const at = b.indexOf(Buffer.from([0xa9, 0x6e, 0x61, 0x6d]));
  return [at + 20, at - 4 + b.readUInt32BE(at - 4)];
}

async function webvtt(file) {
  const {cues, errors} = new WebVTTParser().parse(readFileSync(file, 'utf8'));
  if (errors.length) throw new Error(errors.map(e => `${e.line}:${e.col}: ${e.message}`).join('; '));
  return [{Reader: 'webvtt-parser', File: file, Cues: cues.map(c => ({Start: c.startTime, End: c.endTime}))}];
}

async function subtitle(file) {
  const cues = parseSync(readFileSync(file, 'utf8')).filter(n => n.type === 'cue');
  return [{Reader: 'subtitle', File: file, Cues: cues.map(c => ({Start: c.data.start / 1000, End: c.data.end / 1000}))}];
}

async function chaptersFile(file) {
  const {version, chapters} = JSON.parse(readFileSync(file, 'utf8'));
  if (version !== '1.2.0') throw new Error(`version ${version}`);
  return [{
    Reader: 'JSON', File: file, Length: chapters.length ? chapters.at(-1).endTime : undefined,
    Chapters: chapters.map(c => ({Title: c.title || '', Start: c.startTime, End: c.endTime, Link: c.url || ''})),
  }];
}

async function feed(file) {
  const xml = readFileSync(file, 'utf8');
  const valid = XMLValidator.validate(xml);
  if (valid !== true) throw new Error(JSON.stringify(valid));
  const item = (reader, title, seconds, enclosure, chapters) => ({
    Reader: reader, File: file, Title: title, Length: seconds, Item: {Bytes: Number(enclosure.length), URL: enclosure.url, Chapters: chapters},
  });
  const rss = await new RSS({customFields: {item: ['podcast:chapters']}}).parseString(xml);
  const pod = await parseFeed(xml, {allowMissingGuid: false});
  return [
    ...rss.items.map(i => item('rss-parser', i.title, Number(i.itunes.duration), i.enclosure, i['podcast:chapters'].$.url)),
    ...pod.items.map(i => item('podcast-partytime', i.title, i.duration, i.enclosure, i.podcastChapters.url)),
  ];
}

const readers = {
  '.mp3': [musicMetadata, nodeID3], '.m4a': [musicMetadata, box], '.m4b': [musicMetadata, box], '.opus': [musicMetadata], '.flac': [musicMetadata],
  '.wav': [musicMetadata], '.vtt': [webvtt], '.srt': [subtitle], '.json': [chaptersFile], '.xml': [feed],
};
const told = [];
for (const file of process.argv.slice(1)) {
  for (const read of readers[extname(basename(file))]) {
    try {
      told.push(...await read(file));
    } catch (e) {
      told.push({Reader: read.name, File: file, Problem: String(e)});
    }
  }
}
console.log(JSON.stringify(told));
