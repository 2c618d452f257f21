import { type ParseArgsConfig, parseArgs } from 'node:util';

/**
 * What a command was called with. Words it does not know end it with 2, which every command here gives to what could not be done: an uncaught error would end
 * it with 1, and that says that a chain is broken or a figure differs.
 */
export function argumentsOf<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const said = error instanceof Error ? error.message.split('. To specify')[0] : String(error);
    console.error(`✗ 参数不对：${said}（加 --help 查看说明）`);
    process.exit(2);
  }
}
