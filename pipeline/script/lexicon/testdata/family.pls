<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" alphabet="ipa" xml:lang="en-US"
    xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"
    xmlns:x="http://example.com/other">
  <meta name="maker" content="by hand"/>
  <metadata><x:a><x:b>anything</x:b></x:a></metadata>
  <lexeme>
    <grapheme>Colonel Mainwaring</grapheme>
    <grapheme>Col. Mainwaring</grapheme>
    <alias>Kernel Mannering</alias>
  </lexeme>
  <lexeme role="x:verb">
    <grapheme>Siobhan</grapheme>
    <phoneme>ʃɪˈbɔːn</phoneme>
    <phoneme prefer="true">ʃəˈvɔːn</phoneme>
    <example>Siobhan came.</example>
  </lexeme>
  <lexeme>
    <grapheme>Leicester</grapheme>
    <phoneme alphabet="x-sampa">'lEst@</phoneme>
    <alias prefer="true">Lester</alias>
  </lexeme>
  <lexeme><grapheme>lost</grapheme></lexeme>
  <lexeme><grapheme>odd</grapheme><phoneme alphabet="x-other">od</phoneme></lexeme>
  <lexeme><grapheme>bad</grapheme><phoneme>b&lt;d</phoneme></lexeme>
  <lexeme><grapheme>more</grapheme><alias>mohr</alias><tone>high</tone></lexeme>
</lexicon>
