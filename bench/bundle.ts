import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { assembly } from '../infra/assembly.ts';
import { bundleOptions } from '../infra/bundle.ts';
import { type Bench, figure, median } from './measure.ts';

const PROCESSES = 15;

/** Size of each handler's bundle, and how long its import takes in a fresh process beside a bare DynamoDB client's. */
export const bundleBench: Bench = {
  about: '部署包：大小；导入时间与仅含 DynamoDB 客户端的包并列（15 个新进程取中位数）',
  async run() {
    await assembly();
    const folder = mkdtempSync(join(tmpdir(), 'shouwang-bare-'));
    try {
      const bare = await bareClient(folder);
      const bundles = readdirSync('dist')
        .map((name) => ({ name, file: resolve('dist', name, 'index.mjs') }))
        .filter(({ file }) => existsSync(file));
      const times = new Map<string, number[]>([
        [bare, []],
        ...bundles.map(({ file }): [string, number[]] => [file, []]),
      ]);
      for (let n = 0; n < PROCESSES; n += 1) {
        for (const [file, found] of times) found.push(importTime(file));
      }
      const floor = median(times.get(bare) ?? []);
      const found = bundles.map(({ name, file }) => ({
        name,
        bytes: statSync(file).size,
        ratio: median(times.get(file) ?? []) / floor,
      }));
      console.log(`  仅客户端 ${statSync(bare).size} 字节，导入 ${floor.toFixed(1)} 毫秒`);
      for (const { name, bytes, ratio } of found)
        console.log(`  ${name.padEnd(20)} ${String(bytes).padStart(7)} 字节  ${ratio.toFixed(2)} ×`);
      return [
        figure('bundle.maxBytes', Math.max(...found.map(({ bytes }) => bytes)), 'bytes', { most: 430 * 1024 }),
        figure('bundle.importRatio', Math.max(...found.map(({ ratio }) => ratio)), '×', { most: 1.2 }),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The client alone, as a project without the credentials shortcut bundles it. */
async function bareClient(folder: string): Promise<string> {
  const entry = join(folder, 'bare.ts');
  writeFileSync(
    entry,
    "import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';\nexport const client = new DynamoDBClient({});\nexport const handler = () => client.send(new GetItemCommand({ TableName: 't', Key: {} }));\n",
  );
  await build({ ...bundleOptions, entryPoints: { bare: entry }, outdir: folder, nodePaths: [resolve('node_modules')] });
  return join(folder, 'bare.mjs');
}

function importTime(file: string): number {
  const script =
    'const started = performance.now(); await import(process.argv[1]); console.log(performance.now() - started);';
  const env = {
    PATH: process.env['PATH'],
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    TABLE_NAME: 't',
    DISTRICT: '440904',
  };
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script, file], { env, encoding: 'utf8' }));
}
