// biplane artifact put, get: the bytes of a tenant, in and out.

import type { Command } from 'commander'

import { run } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { parseArtifact } from '../ids.ts'
import { dim } from '../terminal/style.ts'
import { plain } from '../terminal/text.ts'
import { sizeOf } from '../terminal/words.ts'
import { fetchFile } from './fetch-file.ts'
import { sendFile } from './send-file.ts'

export function addArtifact(program: Command): Command {
  const artifact = program.command('artifact').description('store bytes, and get them back')
  artifact
    .command('put')
    .description('store a file, and print the id of its bytes')
    .argument('<file>', 'a file of this machine; - for standard input')
    .action((file: string, _options: object, command: Command) =>
      run(command, async (task) => {
        const stored = await sendFile(task, file)
        task.out.record({ type: 'artifact', artifact: stored })
        task.out.line(stored.artifact_id)
        task.out.note(dim(`${sizeOf(stored.size ?? 0)}; what nothing refers to is removed after 24 hours.`))
        return EXIT.done
      }),
    )
  artifact
    .command('get')
    .description('write the bytes of an artifact to a file, or to standard output')
    .argument('<artifact>', 'art_…', parseArtifact)
    .option('-o, --output <file>', 'where to write it; - for standard output, which is where a pipe gets it anyway')
    .action((id: string, { output }: { output?: string }, command: Command) =>
      run(command, async (task) => {
        const { path, size } = await fetchFile(task, id, output)
        if (path !== null) task.out.record({ type: 'file', artifact_id: id, path, size })
        if (path !== null) task.out.line(`${plain(path)} ${dim(sizeOf(size))}`)
        return EXIT.done
      }),
    )
  return artifact
}
