import ArgumentParser

// What the argument parser's scripts lack: values behind an equals sign in bash, which takes that for the end of a word,
// and names that wait for their value, behind which no space belongs. And in bash it gives candidates to compgen, which
// takes them for shell code: a code of a dataset may be $(anything).

/// The script for bash. The generated function sees words as a command line has them, colons and equals signs within.
var bashCompletions: String {
  // It is sourced, never run.
  String(Muster.completionScript(for: .bash).trimmingPrefix("#!/bin/bash\n")) + #"""

    # Quotes what the shell would take for more than text, where the quote in ${2} is open, or none. As little as that: it
    # is shown to whoever chooses. Within double quotes nothing keeps a ! from the history, so that it stands outside.
    __muster_quoted() {
        local quoted="${1}" apostrophe="'\\''" exclamation='"\!"'
        case "${2}" in
        \')
            quoted="${quoted//\'/"${apostrophe}"}"
            ;;
        \")
            quoted="${quoted//\\/\\\\}"
            quoted="${quoted//\"/\\\"}"
            quoted="${quoted//\$/\\\$}"
            quoted="${quoted//\`/\\\`}"
            quoted="${quoted//!/"${exclamation}"}"
            ;;
        *)
            if [[ "${quoted}" = *[!A-Za-z0-9_@%+=:,./-]* ]]; then
                printf -v quoted %q "${quoted}"
                quoted="${quoted//'\,'/,}"
            fi
            ;;
        esac
        printf '%s\n' "${quoted}"
    }

    # What the shell makes of the beginning of a word is put into text, and the quote that is open behind it into quote.
    __muster_read() {
        local rest="${1}" character
        text='' quote=''
        while [[ -n "${rest}" ]]; do
            character="${rest:0:1}"
            rest="${rest:1}"
            if [[ "${character}" = "${quote}" ]]; then
                quote=''
            elif [[ -z "${quote}" && "${character}" = [\"\'] ]]; then
                quote="${character}"
            elif [[ "${character}" = \\ && ( -z "${quote}" || "${quote}" = \" && "${rest}" = [\"\\\$\`]* ) ]]; then
                text+="${rest:0:1}"
                rest="${rest:1}"
            else
                text+="${character}"
            fi
        done
    }

    # Each line of a list of words is a word, whatever is in it; compgen would expand it. Bash quotes files alone.
    __muster_add_completions() {
        local completion
        if [[ "${1}" = -W ]]; then
            is_text=1
            while IFS='' read -r completion; do
                [[ -n "${completion}" && "${completion}" = "${typed}"* ]] && COMPREPLY+=("${completion}")
            done <<<"${2}"
            return
        fi
        while IFS='' read -r completion; do
            COMPREPLY+=("${completion}")
        done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
    }

    _muster_whole_words() {
        local line="${COMP_LINE}" rest word raw='' text quote typed before
        local -a words=()
        local -i i start=0 whole=0 is_text=0
        for ((i = 0; i < ${#COMP_WORDS[@]}; i++)); do
            word="${COMP_WORDS[i]}"
            rest="${line#"${line%%[![:space:]]*}"}"
            if ((i > 0)) && [[ "${rest}" = "${line}" && -n "${word}" ]]; then
                words[-1]+="${word}"
            else
                words+=("${word}")
                start=$((${#COMP_LINE} - ${#rest}))
            fi
            if ((i == COMP_CWORD)); then
                whole=$((${#words[@]} - 1))
                ((COMP_POINT > start)) && raw="${COMP_LINE:start:COMP_POINT - start}"
            fi
            line="${rest#"${word}"}"
        done
        # Bash replaces what is behind the quote that is open, or behind an equals sign or a colon.
        __muster_read "${raw}"
        typed="${text}"
        __muster_read "${raw%"${2}"}"
        before="${text}"

        local -a COMP_WORDS=("${words[@]}")
        local -i COMP_CWORD="${whole}"
        _muster "${1}" "${before}${2}" "${words[whole - 1]}"

        [[ "${COMPREPLY[0]-}" = *[=/] ]] && compopt -o nospace
        if ((is_text)) || [[ -n "${before}" ]]; then
            compopt +o filenames
            for i in "${!COMPREPLY[@]}"; do
                COMPREPLY[i]=$(__muster_quoted "${COMPREPLY[i]#"${before}"}" "${quote}")
            done
        fi
    }
    complete -o filenames -F _muster_whole_words muster

    """#
}

/// The script for zsh.
var zshCompletions: String {
  let heading = "#compdef muster\n"
  let function = "__muster_complete() {"
  return Muster.completionScript(for: .zsh)
    .replacing(function, with: "__muster_complete_closed() {", maxReplacements: 1)
    .replacing(
      heading,
      with: heading + """

        \(function)
            local -a open closed
            local candidate
            # Else a ! would be left for the history.
            setopt localoptions banghist
            for candidate in "${@}"; do
                if [[ "${candidate%%:*}" = *[=/] ]]; then open+=("${candidate}"); else closed+=("${candidate}"); fi
            done
            _describe -V '' open -S '' -- closed
        }

        """, maxReplacements: 1) + "\n"
}
