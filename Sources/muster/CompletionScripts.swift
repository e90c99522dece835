import ArgumentParser

// What the argument parser's scripts lack: values behind an equals sign in bash, which takes that for the end of a word,
// and names that wait for their value, behind which no space belongs. And in bash it gives candidates to compgen, which
// takes them for shell code: a code of a dataset may be $(anything).

/// The script for bash. The generated function sees words as a command line has them, colons and equals signs within.
var bashCompletions: String {
  // It is sourced, never run.
  String(Muster.completionScript(for: .bash).trimmingPrefix("#!/bin/bash\n")) + #"""

    # Quotes what the shell would take for more than text. As little as that: it is shown to whoever chooses.
    __muster_quoted() {
        local quoted="${1}"
        if [[ "${quoted}" = *[!A-Za-z0-9_@%+=:,./-]* ]]; then
            printf -v quoted %q "${quoted}"
            quoted="${quoted//'\,'/,}"
        fi
        printf '%s\n' "${quoted}"
    }

    # Each line of a list of words is a word, whatever is in it; compgen would expand it. Bash quotes files alone.
    __muster_add_completions() {
        local -a arguments=("${@}")
        local completion words='' apostrophe="'\\''"
        if [[ "${1}" = -W ]]; then
            while IFS='' read -r completion; do
                words+="'${completion//\'/${apostrophe}}'"$'\n'
            done <<<"${2}"
            arguments[1]="${words}"
            is_text=1
        fi
        while IFS='' read -r completion; do
            COMPREPLY+=("${completion}")
        done < <(IFS=$'\n' compgen "${arguments[@]}" -- "${cur}")
    }

    _muster_whole_words() {
        local line="${COMP_LINE}" rest word before=''
        local -a words=()
        local -i i whole=0 is_text=0
        for ((i = 0; i < ${#COMP_WORDS[@]}; i++)); do
            word="${COMP_WORDS[i]}"
            rest="${line#"${line%%[![:space:]]*}"}"
            if ((i > 0)) && [[ "${rest}" = "${line}" && -n "${word}" ]]; then
                ((i == COMP_CWORD)) && before="${words[-1]}"
                words[-1]+="${word}"
            else
                words+=("${word}")
            fi
            ((i == COMP_CWORD)) && whole=$((${#words[@]} - 1))
            line="${rest#"${word}"}"
        done
        # Right behind an equals sign or a colon, that is the word.
        [[ -z "${2}" && "${COMP_WORDS[COMP_CWORD]}" = [=:]* ]] && before+="${COMP_WORDS[COMP_CWORD]}"

        local -a COMP_WORDS=("${words[@]}")
        local -i COMP_CWORD="${whole}"
        _muster "${1}" "${before}${2}" "${words[whole - 1]}"

        [[ "${COMPREPLY[0]-}" = *[=/] ]] && compopt -o nospace
        if ((is_text)) || [[ -n "${before}" ]]; then
            compopt +o filenames
            for i in "${!COMPREPLY[@]}"; do
                COMPREPLY[i]=$(__muster_quoted "${COMPREPLY[i]#"${before}"}")
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
