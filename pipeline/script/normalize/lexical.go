package normalize

// lexical are the tables of English. They are made once for a Normalizer and
// never changed.
type lexical struct {
	wordRules, digitRules, signRules []rule
	light                            map[string]bool

	words      map[string]bool // words of grammar: never nouns that are counted, never units
	plain      map[string]bool // small words that a rule may begin with
	units      map[string]unit
	compass    map[string]string
	magnitudes map[string]string
	signs      map[string]currency
	codes      map[string]currency
	periods    map[string]bool

	zones, dating, pages, scores, scripture, rated, rating, idiom, coded, calls, modelled map[string]bool

	vulgar, greek                                                      map[rune]string
	numbered, classes, verbs, roomy, initials, rulers, crowns, infused map[string]bool
	endings, files                                                     map[string]bool
	spelled, idioms                                                    map[string]string
	signNames                                                          map[byte]string
	formulas                                                           map[string]bool
	titles, references, shortForms, plainForms, street                 map[string]string
	innerForms, directions, states, oldStates, lives, clipped, books   map[string]string
	unstopped, opens, saintly, prepositions, stateNames                map[string]bool
	masses, screens, shouted, final, notes, versioned, rates, spans    map[string]bool
	streets, tags                                                      map[string]bool
	weekdays                                                           map[string]string
	leading, signWords                                                 map[rune]string
}

// englishRules sets the families in the order they are asked: longer and
// surer forms first. Light are the rules that hold in the light mode.
func englishRules(x *lexical) {
	x.light = list("url mail domain file identifier handle hashtag markup citation range score dimensions fraction slash sign name")
	x.digitRules = []rule{
		(*english).electronic, (*english).scientific, (*english).verse, (*english).dates, (*english).clock, (*english).telephone,
		(*english).version, (*english).address, (*english).fraction, (*english).ranges,
		(*english).era, (*english).priced, (*english).measure, (*english).ratio,
		(*english).decade, (*english).code, (*english).bare,
	}
	x.wordRules = []rule{
		(*english).letter,
		(*english).electronic, (*english).version, (*english).verse, (*english).monthFirst, (*english).weekday, (*english).extension,
		(*english).money, (*english).pair, (*english).named, (*english).slashed,
		(*english).rate, (*english).abbreviation, (*english).state, (*english).roman, (*english).code, (*english).acronym,
	}
	x.signRules = []rule{
		(*english).leftover, (*english).markup, (*english).telephoneSign, (*english).money,
		(*english).decade, (*english).hashtag, (*english).handle, (*english).signed,
		(*english).vulgarSign, (*english).point, (*english).sign,
	}
}

// englishTables makes the tables.
func englishTables() lexical {
	x := lexical{
		words:      list(functionWords),
		units:      unitTable(),
		compass:    map[string]string{"N": "North", "S": "South", "E": "East", "W": "West"},
		magnitudes: table(magnitudeLines),
		periods: list("second minute hour day week month year night person people capita head unit user seat mile gallon litre liter " +
			"hr wk mo yr share item page song episode word token"),
		zones: list("EST EDT CST CDT MST MDT PST PDT AKST HST GMT UTC BST CET CEST EET EEST WET IST JST KST SGT HKT AEST AEDT ACST " +
			"AWST NZST NZDT MSK ET CT MT PT"),
		dating: list("in since until till before after during circa ca year years early late mid by from around about of the through " +
			"spring summer autumn fall winter january february march april may june july august september october november december " +
			"for and between thru last next this"),
		pages: list("pages pp p chapters ages grades lines verses sections questions steps days years weeks items"),
		scores: list("win wins won lose loses lost beat beats victory defeat lead leads led draw drew tie tied score scored final " +
			"series loss margin ahead behind vote voted ruling ruled decision majority record aggregate triumph result"),
		scripture: list("Genesis Exodus Leviticus Numbers Deuteronomy Joshua Judges Ruth Samuel Kings Chronicles Ezra Nehemiah Esther " +
			"Job Psalm Psalms Proverbs Ecclesiastes Isaiah Jeremiah Ezekiel Daniel Hosea Joel Amos Micah Zechariah Malachi Matthew " +
			"Mark Luke John Acts Romans Corinthians Galatians Ephesians Philippians Colossians Thessalonians Timothy Titus Hebrews " +
			"James Peter Jude Revelation Surah Sura Lamentations Habakkuk Maccabees Quran Qur'an"),
		rated:    list("stars star rating"),
		rating:   list("rated scored score scores gave a solid perfect gets got rating it"),
		idiom:    list("24/7 9/11 50/50 20/20 60/40 80/20 70/30 7/7 7/11"),
		coded:    list("pin code passcode password zip postcode ssn serial extension ext account"),
		calls:    list("call called calling phone telephone tel mobile cell fax dial dialled dialed ring hotline ssn"),
		modelled: list("Boeing Airbus Flight Route Highway Interstate Room Suite Apartment Studio Xbox Form Box room suite Porsche Peugeot Ferrari Channel Unit"),
		initials: list(spelledOut),
		greek:    greekNames(),
		vulgar:   vulgarTable(),
		roomy:    list("Apt Ste Bldg Rm Fig Figs Eq Vol Vols Hwy Rte Attn"),
		classes:  list("type class phase stage level grade tier title schedule category group war cycle volume region"),
		verbs: list("am was have had will would can could should shall may might must do did don't didn't can't won't think thought " +
			"know knew believe believed like liked love loved want wanted need needed hate read wrote see saw say said mean meant " +
			"remember feel felt hope wish guess suppose find found get got go went make made take took live lived work worked use " +
			"used play played watch watched always never also just really still often once first recently only too ever even now"),
		numbered: list("chapter part book volume vol act scene section article appendix annex table figure fig type class phase stage " +
			"level grade tier war title schedule exhibit episode season lesson unit module step bowl olympiad " +
			"mark page paragraph clause amendment division group category factor apollo verse canto psalm sonata symphony opus number no " +
			"version edition round week day vatican schedules parts chapters stages types sections books volumes acts scenes articles tables figures levels grades pp p ch chs vol vols fig figs bk pt mk pages col"),
		rulers:  list(givenNames),
		crowns:  list("king queen pope emperor empress tsar tsarina czar prince princess sultan kaiser duke archduke pharaoh saint shah"),
		infused: list("drip drips fluid fluids line lines bag bags antibiotics infusion injection injections therapy access catheter"),
		endings: list("com org net edu gov mil int io ai co uk us de fr it es nl be ch at se no dk fi pl pt ru jp cn in au ca nz br mx " +
			"ie eu info biz dev app tech blog xyz me tv fm ly gg sh so to cc online site store shop club news media podcast studio cloud " +
			"wiki edu.au sm kr za ar tr gr hu cz ro il sg hk tw ua"),
		files: list("go py js ts jsx tsx rs rb java c h cc cpp hpp cs php pl sh bash md txt rst pdf doc docx xls xlsx ppt pptx csv tsv " +
			"json yaml yml toml xml html htm css scss sql db log cfg conf ini env lock mod sum zip tar gz tgz bz xz exe dll so dmg iso " +
			"png jpg jpeg gif svg webp bmp tif tiff ico mp3 mp4 m4a m4b wav ogg opus flac avi mov mkv webm vtt srt epub tex bib ipynb " +
			"proto swift kt lua vim el wasm plist NET"),
		spelled: table(spelledLines),
		idioms: table(`and/or and or
			he/she he or she
			she/he she or he
			his/her his or her
			him/her him or her
			s/he he or she
			either/or either or
			n/a not applicable
			w/ with
			w/in within
			w/o without
			b/c because
			c/o care of`),
		signNames: map[byte]string{
			'.': "dot", '-': "dash", '_': "underscore", '/': "slash", '+': "plus", '&': "ampersand", '%': "percent", '~': "tilde",
			'\'': "apostrophe", '#': "hash", ':': "colon", '=': "equals", '?': "question mark", '@': "at",
			'\\': "backslash",
		},
		formulas:   list("H2O CO2 NO2 SO2 O2 H2 N2 CH4 NH3 H2O2 N2O O3 CaCO3 NaHCO3 H2SO4 HNO3 SF6 UO2 TiO2 SiO2 PM10"),
		titles:     table(titleLines),
		references: table(referenceLines),
		shortForms: table(shortLines),
		plainForms: table("vs versus\nVs Versus"),
		street:     table(streetLines),
		innerForms: table(innerLines),
		directions: table("N North\nS South\nE East\nW West\nNE Northeast\nNW Northwest\nSE Southeast\nSW Southwest"),
		books:      table(bookLines),
		states:     table(stateLines),
		oldStates:  table(oldStateLines),
		lives:      table("b born\nd died\nr reigned\nfl flourished\nm married"),
		clipped:    table(clippedLines),
		final:      list("etc jr sr inc ltd corp bros dept govt hrs mins secs yrs ave blvd hwy pkwy esq ibid misc mgmt assn"),
		notes:      list("bill bills note notes coin coins deal fund fee fine prize tax cheque check grant loan budget project contract"),
		versioned: list("Python Go Java Node Ruby PHP Ubuntu Android iOS macOS Windows Swift Rust Kotlin Django Rails Angular React " +
			"PostgreSQL Postgres MySQL Debian Fedora Linux kernel version Version release Release Kubernetes TypeScript"),
		rates:   list("mol lm cd t km m mi mg g kg ml mL l L cm mm MB GB TB Mb Gb kB KB kWh W J mol ft lb lbs cal kcal"),
		shouted: list("kg kgs lb lbs mph km mm cm oz ft mg ml kmh rpm psi hrs hr sec yd ghz mhz khz"),
		screens: list("textures videos screens displays monitors films movies cameras games titles streams images visuals graphics pictures sets " +
			"resolutions projectors feeds clips recordings TVs"),
		masses: list("people users views downloads subscribers followers listeners visitors copies customers viewers jobs homes " +
			"barrels tonnes tons pounds euros dollars years records rows parameters tokens lines units shares votes"),
		weekdays:  table(weekdayLines),
		spans:     list("gal yr m km mi ft in h hr s sec min d L l mL ml dL kg ha mol g"),
		unstopped: list("dr mr mrs prof mt mme mlle drs"),
		opens: list("The A An This That These It He She We You They I There Here In On At As And But So If When Where What Why How For " +
			"To From With After Before Then His Her Its Our My Your Their"),
		saintly:      list("Mount Fort Lake Port North South East West New Cape Rue"),
		prepositions: list("on at of off to from along down up near in and across onto between behind"),
		streets: list("Wall Fleet Bond Oxford Baker Downing Bourbon Sesame High Canal Broad Regent Carnaby Bleecker Threadneedle " +
			"Beale Lombard State"),
		tags: list("a abbr b big blockquote br center cite code del div em figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre " +
			"q s samp section small span strike strong sub sup table tbody td th thead tr tt u ul var iframe video audio script style"),
		leading: map[rune]string{
			'-': "minus", '−': "minus", '+': "plus", '±': "plus or minus", '~': "about", '∼': "about", '≈': "about", '≃': "about",
			'<': "less than", '>': "more than", '≤': "less than or equal to", '≥': "greater than or equal to", '≦': "less than or equal to",
			'≧': "greater than or equal to", '≪': "much less than", '≫': "much greater than", '×': "times", '√': "the square root of",
			'№': "number", '§': "section", '¶': "paragraph",
		},
		signWords: map[rune]string{
			'→': "to", '⟶': "to", '⇒': "implies", '⟹': "implies", '←': "from", '↔': "to and from", '⇔': "if and only if", '↑': "up",
			'↓': "down", '≤': "less than or equal to", '≥': "greater than or equal to", '≠': "is not equal to", '≈': "approximately",
			'≡': "is identical to", '≃': "approximately", '∼': "about", '±': "plus or minus", '∓': "minus or plus", '×': "times",
			'÷': "divided by", '∞': "infinity", '√': "the square root of", '∑': "the sum of", '∏': "the product of", '∫': "the integral of",
			'∂': "partial", '∈': "in", '∉': "not in", '⊂': "is a subset of", '⊆': "is a subset of", '∪': "union", '∩': "intersection",
			'∅': "the empty set", '∀': "for all", '∃': "there exists", '¬': "not", '∧': "and", '∨': "or", '∝': "is proportional to",
			'°': "degrees", '℃': "degrees Celsius", '℉': "degrees Fahrenheit", '%': "percent", '‰': "per mille", '№': "number",
			'§': "section", '¶': "paragraph", '©': "copyright", '@': "at", '#': "hash", '$': "dollar", '€': "euro", '£': "pound",
			'¥': "yen", '₩': "won", '₹': "rupee", '₽': "rouble", '₿': "bitcoin", '¢': "cent", '℠': "-", '®': "-", '™': "-", '•': "-",
			'‣': "-", '▪': "-", '■': "-", '□': "-", '●': "-", '○': "-", '►': "-", '▶': "-", '◦': "-", '·': "-", '†': "-", '‡': "-",
			'⁂': "-", '∗': "-", '↩': "-", '↵': "-",
		},
	}
	moneyTables(&x)
	englishRules(&x)
	x.plain = list("vs nos no pp ext january february march april may june july august september october november december jan feb " +
		"mar apr jun jul aug sep sept oct nov dec ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx")
	return x
}
