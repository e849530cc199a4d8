// What a shell must run to complete `biplane`. Each asks this program, word for word and never through `eval`: what is being typed may
// be anything. The answer is a candidate a line, with a tab before what is said of it; the line `:files` asks for names of files.

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export const ASK_FOR_FILES = ':files'
export const COMPLETE = '__complete'

const BASH = `# bash completion for biplane. In ~/.bashrc: source <(biplane completion bash)
_biplane() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ${ASK_FOR_FILES} ]]; then compopt -o default
    else COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <(biplane ${COMPLETE} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # A list of one kind keeps its order: the newest first.
  compopt -o nosort 2>/dev/null
}
complete -F _biplane biplane
`

const ZSH = `#compdef biplane
# zsh completion for biplane. In ~/.zshrc, behind compinit: source <(biplane completion zsh)
_biplane() {
  local line
  local -a candidates
  local -i files=0
  while IFS= read -r line; do
    if [[ $line == ${ASK_FOR_FILES} ]]; then files=1
    else
      line=\${line//:/\\\\:}
      candidates+=("\${line/$'\\t'/:}")
    fi
  done < <(biplane ${COMPLETE} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#candidates} )) && _describe -V 'biplane' candidates
  (( files )) && _files
}
if [[ $funcstack[1] == _biplane ]]; then _biplane; else compdef _biplane biplane; fi
`

const FISH = `# fish completion for biplane. In ~/.config/fish/completions/biplane.fish, or: biplane completion fish | source
function __biplane_complete
  set -l words (commandline -opc)
  set -l typed (commandline -ct)
  for line in (biplane ${COMPLETE} -- $words[2..-1] "$typed" 2>/dev/null)
    if test "$line" = ${ASK_FOR_FILES}
      __fish_complete_path "$typed"
    else
      echo $line
    end
  end
end
complete -c biplane -f -k -a '(__biplane_complete)'
`

export const scriptOf = (shell: Shell): string => ({ bash: BASH, zsh: ZSH, fish: FISH })[shell]
