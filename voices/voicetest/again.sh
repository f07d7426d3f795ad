# What was asked for is the arguments and, where sound is to be written, the text on standard
# input. The file that the sound is written to has another name each time: it is the last argument.
case "$*" in
*' -f - -o '*)
	for file; do :; done
	text=$(cat && echo .) # with a dot, or its last lines are lost if they are empty
	asked="${*%"$file"} $text"
	;;
*)
	file=
	asked="$*"
	;;
esac
sum=$(printf %s "$asked" | cksum)
kept=$KEPT/${sum% *}-${sum#* }
if [ -n "$file" ]; then
	[ -e "$kept" ] && exec cp "$kept" "$file"
	printf %s "${text%.}" | "$ENGINE" "$@" || exit
	cp "$file" "$kept.$$" && mv "$kept.$$" "$kept"
	exit
fi
if ! [ -e "$kept" ]; then # flite --version ends with 1
	"$ENGINE" "$@" >"$kept.$$"
	echo $? >"$kept.$$.code"
	mv "$kept.$$.code" "$kept.code" && mv "$kept.$$" "$kept"
fi
cat "$kept"
exit "$(cat "$kept.code")"
