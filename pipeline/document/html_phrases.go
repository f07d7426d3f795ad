package document

import (
	"strings"
	"unicode"
)

// The words by which pages' own lines are known. Each list is short, says
// whole lines and stands for a class seen on many sites; languages beyond
// English are there where a phrase is the same on most sites of a language.
var (
	// tailLine are lines that stand after articles and are none of their text.
	tailLine = compiled(`(?is)^(read (more|next|also|on)\b.{0,100}|share( this.{0,40}| on .{0,30})?:?|advertisement|continue reading.{0,60}|((please )?(sign up|subscribe|join|register)|get (access|notified|the .{0,30}newsletter)|need more|want more|there['’]s plenty more|download)\b.{0,300}|(please )?(follow|like|find|find out more|connect with|e-?mail|contact|tweet) (us|me|him|her|them|@|[A-Z]\w+ [A-Z]\w+ (at|on))\b.{0,200}|follow @.{0,400}|(\d+ )?comments?( \(\d+\))?|leave a (comment|reply)|(filed under|tags?|topics?|posted in|labels?|categor(y|ies)|schlagw(ö|oe)rter|étiquettes|etiquetas|tagi|теги|тэги):?\s.{0,600}|(click|tap) here (to|for)\b.{0,100}|print this.{0,40}|back to top.{0,3}|source:? .{0,60}|via [\w.]+|more (articles|stories|posts) (from|by) .{0,60}|more .{0,40}: https?://.{0,200}|.{0,100}\bcontributed to this (report|story|article|post)\b.{0,60}|copyright\b.{0,120}|(all )?rights reserved.{0,60}|©.{0,120}|.{0,30}(무단전재|재배포).{0,60}|this (story|article|post) (was |has been )?(originally |first )?(appeared|published|posted)\b.{0,120}|.{0,200}(\bmoderat(e|ed|es|ion|or)\b|модератор|moderador).{0,300})$`)

	// moreLine begins what leads to other articles: a line of its own.
	moreLine = compiled(`(?i)^((related|similar|recent|popular|latest|trending|top|other|previous|more|recommended|featured)( great)?( [\w’']+){0,2} (articles?|posts?|stories|content|reading|news|coverage|links|topics|videos?)( .{0,30})?|related|recommended( for you| reading)?|more (from|on|in|about|by|stories)\b.{0,40}|(you (might|may)( also)? (also )?(like|enjoy|be interested in)|want more stories).{0,40}|(most|what['’]s) (read|popular|viewed|trending).{0,30}|popular (this|on|now).{0,30}|popular|trending( now)?|don['’]t miss( this)?|must[- ]read.{0,20}|read (more|next|also)|see also|up next|comments?( \(\d+\))?|\d+ comments?|leave a (comment|reply)|post a comment|join the (conversation|discussion)|comment on this (article|story|post)|about the authors?|editors?['’]s? picks?|sponsored( content)?|promoted( stories)?|from (around )?the web|around the web|newsletter|` +
		`(mehr zum thema|lesen sie auch|das könnte (sie|dich) (auch )?interessieren|auch interessant|kommentare?( \(\d+\))?|à lire aussi|lire aussi|sur le même sujet|commentaires?|lea también|te puede interesar|también te puede interesar|comentarios|leia (também|mais)|comentários|veja também|leggi anche|potrebbe interessarti|commenti|lees ook|läs också|les også|czytaj też|baca juga|читайте также|комментарии|отзывы|добавить отзыв|関連記事|コメント|관련기사|댓글|相关阅读|相关文章|评论))\s*[:.…»›>]*$`)

	// call are lines inside an article that lead away from it, where they are links.
	call = compiled(`(?i)^(read|see|watch) (more|also|next)\b|^(related|similar)( (articles?|posts?|stories|news))?\b|^(also|more) (on|from|in) |^don['’]t miss\b|^more:|^recommended:|^(click|tap) here\b|^\S+( \S+){0,4} (click|clicking) here$|^(lesen sie|à lire|lire|lea|leia|leggi|lees|läs|baca|читайте)( (auch|aussi|também|también|anche|ook|också|juga|также))\b`)

	// machineLine are lines of a page's machinery wherever they stand.
	machineLine = compiled(`(?i)^(image \d+ of ?/? ?\d+|advertis(ement|ing)|ads?|iklan|werbung|anzeige|publicidade?|publicité|pubblicità|advertentie|annonse|реклама|広告|광고|copied!?|link copied.{0,10}|read later|sign in|log ?in|subscribe|(\w+ )?newsletters?( sign-?up)?|e-?mail( address)?|print|share( this( article| story| post)?)?|close|caption|(hide|toggle|show) caption|read more|continue reading( below| the main story)?.{0,3}|(story|article) continues( below.{0,30})?|(skip|scroll).{0,15}(advertisement|content|continue).{0,15}|view (pdf|gallery|slideshow|comments)\S{0,20}|enlarge( this image)?|loading\W{0,3}|play(ing)?( video| audio)?|most recent newsletter|get .{0,60} (in|to) your( e-?mail)? inbox.{0,10}|receive .{0,60} (in|to) your inbox.{0,10}|get .{0,60} delivered to your .{0,10}inbox.{0,10}|breaking news|comments? \(\d+ posted\)|(next|previous) page:.{0,80}|order reprints\b.{0,60}|(a|this) (version of this )?(article|story|column) (appears|appeared|ran) in print\b.{0,250}|(this|the) (post|article|page|story) (may )?contains? .{0,20}(affiliate|referral).{0,100}|(we use|this (web)?site uses) cookies\b.{0,200}|(please )?enable javascript\b.{0,100}|your browser does not support\b.{0,100}|found this helpful|sign up (for|to) .{0,40}newsletters?.{0,30}|(first )?(published|posted|(last )?updated):? [^.]{0,60}\b(19|20)\d\d\b[^.]{0,60})$`)

	// readingTime is how long a page says that it is.
	readingTime = compiled(`(?i)^((estimated )?(reading|read) time|tempo de leitura|tiempo de lectura|temps de lecture|lesezeit|leestijd|tempo di lettura|lästid|время чтения)?\s*:?\s*(\d[\d.,]*)?\s*(min(ute|uto|uti|uut)?s?|мин(ут)?[аы]?|分|분|letture|views?|reads?|просмотр\S*|visualizações|aufrufe)?\.?\s*(read(ing)?|de lecture|de lectura|de leitura|lesezeit|di lettura)?$`)

	// jobLine is what authors are called in a line of their own.
	jobLine = compiled(`(?i)^(opinion |senior |staff |contributing |guest |chief |national |political |ap |associated press )*(columnist|writer|reporter|correspondent|contributor|editor|photographer|author)s?$`)

	// creditLine is a line that only says who made or owns a picture.
	creditLine = compiled(`(?i)^[(\[]?((image|photo|picture|video|photograph|graphic|media)s?( ?\w+)? ?(credits?|copyright|by|courtesy|©):?|credits? ?(:|©|\.\.\.)|crédits?( photo)? ?:|bildquelle:|©|copyright ©?)\s?[^.]{0,90}[)\]]?\.?$|^[(\[]?(image|photo|picture|video|foto|bild|photograph|graphic|file|фото) ?: ?[^\s.,]+([ ,/|]+[^\s.,]+\.?){0,5}[)\]]?\.?$`)

	// housed is a caption that is a name and whom it works for, "Ida Marsh / HBN".
	housed = compiled(`^\p{Lu}[\p{L}.'’-]*( \p{Lu}[\p{L}.'’-]*){1,3} ?/ ?\p{Lu}{2,6}$`)

	// agency are those who sell pictures.
	agency = compiled(`\b(Getty( Images)?|GETTY|AP( Photo)?|Associated Press|Reuters|REUTERS|AFP|EPA|Shutterstock|iStock|Bloomberg|Alamy|Unsplash|dpa|ANSA|TASS)\b`)

	// creditEnd is the same at the end of a caption.
	creditEnd = compiled(`\s*([(\[](?i:image|photo|picture|photograph|credit|source|file|pic|foto|bild)s?((?i: credits?| by| courtesy)(: ?| )?[^()\[\]]{1,80}|: ?[^()\[\]]{1,80}| ?[\p{Lu}\d©][^()\[\]]{0,80})[)\]]|((?i:image|photo|picture) ?(?i:credit|copyright)|Credit|CREDIT|Photograph|Photo|Image) ?[:©] ?[^.:]{1,80}|[(\[](AP Photo|REUTERS|Getty|AFP|EPA)[^()\[\]]{0,80}[)\]])\.?\s*$`)

	// captionStart is what pages put before captions for readers who do not
	// see that they are captions.
	captionStart = compiled(`^(Image|Media|Picture|Photo) ?caption:? ?|^Image: `)

	// aboutAuthor are words of paragraphs that say who wrote an article.
	aboutAuthor = compiled(`(?i)\b(is|was|are|has been|joined|covers|writes|reports|works|lives|spends|follow|hosts)\b.{0,200}\b(writer|reporter|editor|journalist|author|correspondent|columnist|freelanc\w+|professor|fellow|blogger|photographer|native|living in|lives in|based in|covers|reporting|contributor|curator|podcast|magazine|twitter|book|since \d{4}|years?)\b`)
)

// dateWords are the words that dates and their times are written with. Months
// and days are known by their first letters in the languages of most pages.
var (
	dateWords = compiled(`(?i)^(published|posted|updated|modified|last|first|on|at|am|pm|a|p|m|h|uhr|ago|days?|hours?|hrs?|min(ute)?s?|weeks?|months?|today|yesterday|of|the|de|del|le|la|à|a|às|em|il|am|um|den|der|på|kl|utc|gmt|[ecmpjh]s?t|cest|cet|bst|ist|hst|st|nd|rd|th|t|z|г|года?|в|feira|veröffentlicht|publié|publicado|pubblicato|aktualisiert|mis|jour|actualizado|atualizado|опубликовано|date|created|edited|[年月日時分])$`)
	dateNames = compiled(`(?i)^((jan|feb|fev|fév|fevr|mar|mär|apr|abr|avr|may|mai|maj|maio|mag|jun|juin|giu|jul|juil|lug|aug|aoû|ago|sep|set|oct|okt|out|ott|nov|dec|dez|dic|déc|янв|фев|март|апр|мая|июн|июл|авг|сен|окт|ноя|дек|ene)\p{L}{0,7}|(mon|tue|wed|thu|fri|sat|sun)\p{L}{0,6}|(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|segunda|terça|quarta|quinta|sexta|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье))$`)
)

// dateLine says whether a line is a date, and perhaps when it was updated.
func dateLine(line string) bool {
	const most = 80 // bytes
	if len(line) > most {
		return false
	}
	digits, named := 0, 0
	for _, w := range strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		switch {
		case strings.IndexFunc(w, func(r rune) bool { return !unicode.IsDigit(r) }) < 0:
			digits++
		case dateNames().MatchString(w):
			named++
		case dateWords().MatchString(w):
		case strings.TrimFunc(w, unicode.IsDigit) != w && (dateWords().MatchString(strings.TrimFunc(w, unicode.IsDigit)) || strings.HasSuffix(strings.ToLower(w), "updated")):
			digits++ // 20th, 5pm, 2019Updated
		default:
			return false
		}
	}
	return digits > 0 && (named > 0 || digits > 1 || strings.Contains(strings.ToLower(line), "ago") || strings.ContainsAny(line, "年月日"))
}

var byStart = compiled(`^(?i:(written |story |text |article )?by|von|par|por|di|door|av|autore?|author|автор):? `)

// authorLine says whether a line is who wrote an article, and perhaps when.
func authorLine(line, author string) bool {
	const most = 120 // bytes
	line = strings.TrimSpace(strings.Trim(line, "|·•"))
	if line == "" || len(line) > most || endsSentence(line) && strings.Count(line, " ") > 5 {
		return false
	}
	if author != "" && bareLetters(line) == bareLetters(author) {
		return true
	}
	rest := byStart().ReplaceAllString(line, "")
	name, after, _ := strings.Cut(rest, "|")
	if name == rest {
		name, after, _ = strings.Cut(rest, ",")
	}
	if after = strings.TrimSpace(after); after != "" && !dateLine(after) && !postLine(after) {
		return false
	}
	name = strings.TrimSpace(name)
	if rest != line {
		return nameLike(uncapped(name)) || author != "" && bareLetters(name) == bareLetters(author)
	}
	return after != "" && (nameLike(name) || author != "" && strings.Contains(bareLetters(author), bareLetters(name)))
}

func postLine(line string) bool {
	return jobLine().MatchString(line) || jobLine().MatchString(strings.TrimSpace(line[strings.LastIndex(line, " ")+1:]))
}

// uncapped is a name that is set in capitals as names are written.
func uncapped(name string) string {
	if name != strings.ToUpper(name) {
		return name
	}
	words := strings.Fields(strings.ToLower(name))
	for i, w := range words {
		r := []rune(w)
		r[0] = unicode.ToUpper(r[0])
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

// bareLetters is a line's letters and digits alone, to compare it with another.
func bareLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
