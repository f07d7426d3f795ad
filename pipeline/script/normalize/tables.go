package normalize

// functionWords are words of grammar. They are not counted and not described
// by a sum before them, and none of them is a unit after a hyphen.
const functionWords = `a an the this that these those it its he his she her hers him we us our they them their you your i me my
	is are was were be been being am has have had having does do did will would can could shall should may might must
	and or but nor so yet if then than as at in on of off for from with without by to into onto over under per about after before
	between during until till since while when where which who whom whose what why how because though although unless via toward
	towards upon within across against among around behind below above beyond near out up down through throughout despite
	not no yes also just only even still again always never ever there here now plus minus less more most other others else
	says says. said goes gives makes takes comes gets keeps tells shows means needs wants sees seems looks works runs uses leads
	begins starts ends remains became yours ours theirs itself himself herself themselves thus perhaps across unless
	versus vs each every both either neither all any some many much few several such same own too very`

const magnitudeLines = `k thousand
	m million
	mm million
	mn million
	mil million
	mio million
	b billion
	bn billion
	bln billion
	t trillion
	tn trillion
	trn trillion
	thousand thousand
	hundred hundred
	million million
	billion billion
	trillion trillion
	quadrillion quadrillion
	lakh lakh
	lakhs lakh
	crore crore
	crores crore
	cr crore`

// givenNames are names that kings, queens, popes and heirs bear.
const givenNames = `henry edward richard george william charles james john mary elizabeth anne victoria louis philip francis
	ferdinand frederick wilhelm friedrich leopold joseph maximilian nicholas alexander peter catherine paul ivan constantine
	theodore michael basil leo justinian otto rudolf sigismund ladislaus casimir stephen bela gustav gustavus karl christian
	haakon olav harald magnus eric valdemar margaret margrethe carl oscar alfonso isabella juan carlos felipe philippe pedro
	manuel afonso joao sancho benedict gregory pius innocent clement urban boniface celestine adrian alexander julius sixtus
	eugene martin nicholas calixtus honorius ramesses ramses thutmose amenhotep seti ptolemy cleopatra darius xerxes
	artaxerxes cyrus antiochus seleucus mithridates mehmed mehmet selim suleiman murad bayezid ahmed mustafa abdulhamid
	napoleon umberto vittorio victor baldwin robert david kenneth donald llywelyn duncan hugh odo lothair
	albert alfred arthur harold edmund edgar egbert ethelred canute sam samuel thomas walter daniel benjamin andrew
	anthony patrick adam simon roger ralph gerald raymond ronald kevin brian howard harry jack joe jose luis miguel
	thurston davis loudon hussein abdullah faisal farouk fuad mohammed muhammad hassan wilhelmina juliana beatrix
	menelik haile akbar bahadur rama kamehameha pomare taufa hirohito bolesław boleslaw mieszko vladimir yaroslav
	theodosius valentinian tiberius trajan hadrian domitian vespasian honoria urraca blanche eleanor matilda jean henri
	boris simeon mikhail pavel alexei alexis zog ludwig wenceslaus sargon nebuchadnezzar ashurnasirpal rameses psamtik senusret
	pepi christopher ferenc josef sverre erik olaf knut sweyn stefan stephan vlad mircea carol paschal callixtus silvester
	sylvester felix gelasius pelagius sergius lucius anastasius hilarius marcellus marinus damasus frank fred larry carl randy
	rex steve tom jim bill bob martin ernest ernst georg augustus august albrecht berengar chlothar childeric theuderic dagobert
	pepin louis-philippe rainier grimaldi hans-adam henrik eugène étienne leopoldo ranavalona mswati moshoeshoe sobhuza
	francois françois guillaume gaston rene amadeus amadeo emmanuel maria christina ulrika sophia`

// spelledLines are the endings of domains and files that are not said as a
// word.
const spelledLines = `de D E
	fr F R
	it I T
	uk U K
	us U S
	nl N L
	ch C H
	se S E
	dk D K
	fi F I
	pl P L
	pt P T
	ru R U
	jp J P
	cn C N
	au A U
	ca C A
	nz N Z
	br B R
	mx M X
	ie I E
	eu E U
	io I O
	ai A I
	tv T V
	fm F M
	sm S M
	cc C C
	js J S
	ts T S
	py P Y
	rb R B
	rs R S
	md M D
	cs C S
	html H T M L
	css C S S
	pdf P D F
	csv C S V
	xml X M L
	sql S Q L
	txt T X T
	php P H P
	yml yaml
	jpg jpeg
	jpeg jpeg
	mp3 M P three
	svg S V G
	png P N G`

const titleLines = `Dr Doctor
	Drs Doctors
	Profs Professors
	Sens Senators
	Reps Representatives
	Gens Generals
	Govs Governors
	Sec Secretary
	Atty Attorney
	Mme Madame
	Mlle Mademoiselle
	Msgr Monsignor
	Amb Ambassador
	Brig Brigadier
	Ald Alderman
	Cllr Councillor
	Spc Specialist
	Ens Ensign
	Br Brother
	Mts Mountains
	Mr Mister
	Mrs Missus
	Prof Professor
	Gov Governor
	Sen Senator
	Rep Representative
	Gen General
	Col Colonel
	Maj Major
	Capt Captain
	Cmdr Commander
	Lt Lieutenant
	Sgt Sergeant
	Cpl Corporal
	Pvt Private
	Adm Admiral
	Rev Reverend
	Hon Honorable
	Pres President
	Supt Superintendent
	Insp Inspector
	Messrs Messieurs
	Mt Mount
	Ft Fort
	Fr Father`

// referenceLines are short forms that stand before a number.
const referenceLines = `no number
	nos numbers
	nr number
	p page
	pp pages
	pg page
	vol volume
	vols volumes
	fig figure
	figs figures
	eq equation
	eqs equations
	ch chapter
	chap chapter
	sec section
	sect section
	art article
	ver version
	op opus
	ed edition
	para paragraph
	tab table
	ex example
	approx approximately
	ca circa
	cf compare
	cl clause
	rm room
	apt apartment
	ste suite
	bldg building
	fl floor
	ep episode
	eps episodes
	chs chapters
	min minimum
	max maximum
	rte route
	rt route
	ll lines
	hwy highway
	lat latitude`

// shortLines are short forms whose stop tells them from words.
const shortLines = `vs versus
	etc et cetera
	approx approximately
	dept department
	depts departments
	govt government
	jr Junior
	sr Senior
	inc Incorporated
	ltd Limited
	corp Corporation
	bros Brothers
	univ University
	assn Association
	intl International
	natl National
	misc miscellaneous
	avg average
	approx. approximately
	incl including
	excl excluding
	esp especially
	resp respectively
	viz namely
	ca circa
	cf compare
	ibid ibidem
	est established
	hrs hours
	mins minutes
	secs seconds
	yrs years
	tel telephone
	mfg manufacturing
	mgmt management
	mgr manager
	asst assistant
	assoc associate
	dist district
	prob probably
	thurs Thursday
	tues Tuesday
	weds Wednesday
	ave Avenue
	blvd Boulevard
	esq Esquire
	attn attention
	appt appointment
	orig originally
	acct account
	amt amount
	qty quantity
	pkg package
	hosp Hospital
	inst Institute
	acad Academy
	feat featuring
	abbr abbreviation
	pcs pieces
	hwy Highway
	pkwy Parkway`

const innerLines = `e.g for example
	i.e that is
	a.k.a also known as
	p.a per annum
	w.r.t with respect to
	c.f compare
	n.b note well
	a.m AM
	p.m PM`

const streetLines = `st Street
	str Street
	street Street
	ave Avenue
	av Avenue
	avenue Avenue
	blvd Boulevard
	boulevard Boulevard
	rd Road
	road Road
	dr Drive
	drive Drive
	ln Lane
	lane Lane
	hwy Highway
	highway Highway
	expy Expressway
	expressway Expressway
	pkwy Parkway
	parkway Parkway
	fwy Freeway
	ct Court
	court Court
	pl Place
	place Place
	sq Square
	ter Terrace
	cir Circle
	way Way
	trl Trail
	tpke Turnpike
	cres Crescent
	terrace Terrace
	crescent Crescent`

const stateLines = `AL Alabama
	AK Alaska
	AZ Arizona
	AR Arkansas
	CA California
	CO Colorado
	CT Connecticut
	DE Delaware
	FL Florida
	GA Georgia
	HI Hawaii
	ID Idaho
	IL Illinois
	IN Indiana
	IA Iowa
	KS Kansas
	KY Kentucky
	LA Louisiana
	ME Maine
	MD Maryland
	MA Massachusetts
	MI Michigan
	MN Minnesota
	MS Mississippi
	MO Missouri
	MT Montana
	NE Nebraska
	NV Nevada
	NH New Hampshire
	NJ New Jersey
	NM New Mexico
	NY New York
	NC North Carolina
	ND North Dakota
	OH Ohio
	OK Oklahoma
	OR Oregon
	PA Pennsylvania
	RI Rhode Island
	SC South Carolina
	SD South Dakota
	TN Tennessee
	TX Texas
	UT Utah
	VT Vermont
	VA Virginia
	WA Washington
	WV West Virginia
	WI Wisconsin
	WY Wyoming
	DC D C`

// oldStateLines are short names of states from before the codes.
const oldStateLines = `Ala Alabama
	Ariz Arizona
	Ark Arkansas
	Calif California
	Cal California
	Colo Colorado
	Conn Connecticut
	Del Delaware
	Fla Florida
	Ga Georgia
	Ill Illinois
	Ind Indiana
	Kan Kansas
	Kans Kansas
	Ky Kentucky
	La Louisiana
	Md Maryland
	Mass Massachusetts
	Mich Michigan
	Minn Minnesota
	Miss Mississippi
	Mo Missouri
	Mont Montana
	Neb Nebraska
	Nebr Nebraska
	Nev Nevada
	Okla Oklahoma
	Ore Oregon
	Pa Pennsylvania
	Penn Pennsylvania
	Tenn Tennessee
	Tex Texas
	Vt Vermont
	Va Virginia
	Wash Washington
	Wis Wisconsin
	Wyo Wyoming`

// clippedLines are words with letters left out in their middle.
const clippedLines = `gov't government
	int'l international
	nat'l national
	dep't department
	ass'n association
	cont'd continued
	sec'y secretary`

const weekdayLines = `Mon Monday
	Tue Tuesday
	Tues Tuesday
	Wed Wednesday
	Thu Thursday
	Thur Thursday
	Thurs Thursday
	Fri Friday
	Sat Saturday
	Sun Sunday`
