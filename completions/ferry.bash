# SPDX-License-Identifier: MIT
# Completion of ferry(1) for bash. Commands, options and warnings are asked of
# the command itself, procedures and types of the interface file.

# The first words of the lines that `ferry help ...` indents.
_ferry_listed() {
	"$ferry" help "$@" 2> /dev/null |
		sed -n 's/^  \([A-Za-z-][A-Za-z-]*\).*/\1/p'
}

# The options that take a value: one blank stands between the two.
_ferry_valued() {
	echo ' -U'
	"$ferry" help "$1" 2> /dev/null |
		sed -n 's/^  \(-[A-Za-z-]*\) [^ ].*/ \1/p'
}

# What the interface file among the words declares: procedures or types.
_ferry_declared() {
	local i options=()
	for ((i = 2; i < ${#words[@]} - 1; i++)); do
		case ${words[i]} in
		-I | -D | -U) options+=("${words[i]}" "${words[++i]}") ;;
		-[IDU]*) options+=("${words[i]}") ;;
		*.x) file=${words[i]} ;;
		esac
	done
	[ -z "${file-}" ] || "$ferry" describe --names -Wnone "${options[@]}" \
		"${file/#~\//$HOME/}" "$1" 2> /dev/null
}

_ferry_files() {
	compopt -o filenames 2> /dev/null
	mapfile -t COMPREPLY < <(compgen -d -- "$cur"
		compgen -f -X '!*.x' -- "$cur")
}

# Words that begin as the current one does; $2 follows each.
_ferry_words() {
	mapfile -t COMPREPLY < <(compgen -S "${2-}" -W "$1" -- "$cur")
	[ -z "${2-}" ] || compopt -o nospace 2> /dev/null
}

# What addresses can begin with: an error has the list.
_ferry_schemes() {
	"$ferry" recv x: 2>&1 | sed -n 's/ and /, /
		s/.*there are \(.*\)/\1,/; s/,/:/gp'
}

_ferry_addresses() {
	case $cur in
	unix: | shm: | fifo: | unix:*/* | shm:*/* | fifo:*/*)
		mapfile -t COMPREPLY < <(compgen -f -P "${cur%%:*}:" -- \
			"${cur#*:}")
		compopt -o nospace 2> /dev/null
		;;
	*) _ferry_words "$(_ferry_schemes)"
		compopt -o nospace 2> /dev/null ;;
	esac
}

# A value in a file.
_ferry_value() {
	[[ $cur != @* ]] ||
		mapfile -t COMPREPLY < <(compgen -f -P @ -- "${cur#@}")
}

_ferry_warnings() {
	local name names
	names=$(_ferry_listed warnings)
	case $cur in
	no-*) _ferry_words "$(for name in $names; do echo "no-$name"; done)" ;;
	error=*)
		_ferry_words "$(for name in $names; do echo "error=$name"; done)"
		;;
	*) _ferry_words "all none error no- error= $names" ;;
	esac
}

# Values of an option that stand in the same word as it does.
_ferry_joined() {
	local i head=$1
	cur=${cur#"$head"}
	_ferry_option_value "${head%=}"
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=$head${COMPREPLY[i]}
	done
	cur=$head$cur
}

# The value of an option, where it is known what it may be.
_ferry_option_value() {
	case $1 in
	-I | -o) compopt -o filenames 2> /dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
	-W) _ferry_warnings ;;
	-l) _ferry_words "$("$ferry" help gen 2> /dev/null | sed -n \
		's/^  -l LANGUAGE *\([a-z]*\), or \([a-z]*\).*/\1 \2/p')" ;;
	--auth) _ferry_words 'sys none' ;;
	--frame) _ferry_words 'record line nul u32 raw' ;;
	--color) _ferry_words 'always never auto' ;;
	--reply) if [[ $cur == *=@* ]]; then
			mapfile -t COMPREPLY < <(compgen -f \
				-P "${cur%%@*}@" -- "${cur#*@}")
		else
			_ferry_words "$(_ferry_declared procedures)" =
		fi ;;
	--run) _ferry_words "$(_ferry_declared procedures)" = ;;
	esac
}

# The words that are no options, before the current one: their number.
_ferry_position() {
	local i valued
	valued=$(_ferry_valued "$command")
	position=0
	for ((i = 2; i < ${#words[@]} - 1; i++)); do
		case ${words[i]} in
		-*) [[ " ${valued//$'\n'/ } " != *" ${words[i]} "* ]] ||
			i=$((i + 1)) ;;
		*) position=$((position + 1)) ;;
		esac
	done
}

_ferry_types() {
	local name procedures
	procedures=$(_ferry_declared procedures)
	_ferry_words "$(_ferry_declared types)
		$(for name in $procedures; do
			echo "$name:args $name:result"
		done)"
}

_ferry_word() {
	local position
	_ferry_position
	case $command:$position in
	help:0) _ferry_words "warnings $(_ferry_listed)" ;;
	call:0 | listen:* | recv:0 | send:0) _ferry_addresses ;;
	call:1) _ferry_files ;;
	call:2) _ferry_words "$(_ferry_declared procedures)" ;;
	call:3 | encode:2 | decode:2) _ferry_value ;;
	serve:*) if [[ $cur == *[:./]* ]]; then
			_ferry_addresses
			[ ${#COMPREPLY[@]} -gt 0 ] || _ferry_files
		else
			_ferry_addresses
			mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < \
				<(compgen -f -X '!*.x' -- "$cur")
		fi ;;
	services:0) mapfile -t COMPREPLY < <(compgen -A hostname -- "$cur") ;;
	encode:1 | decode:1) _ferry_types ;;
	describe:1) _ferry_words "$(_ferry_declared types)
		$(_ferry_declared procedures)" ;;
	check:* | *:0 | diff:1 | fmt:* | lint:*) _ferry_files ;;
	esac
}

# Bash parts words at : and =, the shell does not: sets words and cur.
_ferry_join() {
	local i rest=$COMP_LINE word
	words=()
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $i -eq 0 || $rest == [[:space:]]* ]]; then
			rest=${rest#"${rest%%[![:space:]]*}"}
			words+=("$word")
		else
			words[${#words[@]} - 1]+=$word
		fi
		rest=${rest#"$word"}
	done
	cur=${words[${#words[@]} - 1]}
}

# It puts in place of its own last part only what is given back.
_ferry_cut() {
	local i sign part head=
	for sign in : =; do
		[[ $COMP_WORDBREAKS == *$sign* && $cur == *$sign* ]] || continue
		part=${cur%"$sign"*}$sign
		[ ${#part} -lt ${#head} ] || head=$part
	done
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=${COMPREPLY[i]#"$head"}
	done
}

_ferry() {
	local ferry=$1 words cur command previous file
	_ferry_join
	COMPREPLY=()
	command=${words[1]}
	previous=${words[${#words[@]} - 2]}
	if [ ${#words[@]} -le 2 ]; then
		_ferry_words "$(_ferry_listed)"
	elif [[ " $(_ferry_valued "$command" | tr '\n' ' ') " == \
		*" $previous "* ]]; then
		_ferry_option_value "$previous"
	elif [[ $cur == --*=* ]]; then
		_ferry_joined "${cur%%=*}="
	elif [[ $cur == -[IWlo]* ]]; then
		_ferry_joined "${cur:0:2}"
	elif [[ $cur == -* ]]; then
		_ferry_words "$(_ferry_listed "$command" | grep '^-'
			echo --help)"
	else
		_ferry_word
	fi
	_ferry_cut
}

complete -F _ferry ferry
