import { parseArgs } from 'node:util';
import { connectLocal, NoSystem } from './connect/system.ts';

const HELP = `核验全部监测对象和理赔案件的留痕链，指出第一处断裂。

  npm run verify-audit                 本机正在运行的系统（数据目录 .local）
  npm run verify-audit -- --data DIR   另一数据目录
  TABLE_NAME=… DISTRICT=… npm run verify-audit -- --aws   部署在 AWS 上的系统，凭证取自环境

退出码：0 全部完整；1 有断裂；2 核验不了（系统找不到、没有运行或中途停止）。
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.local' },
    aws: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Walks every chain in the order of the register. @returns how many held, and the first that did not */
async function verify(district: string): Promise<{ chains: number; links: number; broken: string | undefined }> {
  // Imported only now: the store's client takes its settings from the environment when it is made.
  const { casePartition, listSummaries, readCase } = await import('../functions/store/cases/cases.ts');
  const { claimPartition, listClaimSummaries, readClaim } = await import('../functions/store/insurance/claims.ts');
  const { verifyTimeline } = await import('../functions/store/timeline.ts');
  const [cases, claims] = await Promise.all([listSummaries(district), listClaimSummaries(district)]);
  const subjects = [
    ...cases.map(({ id }) => ({ id, partition: casePartition(id), read: readCase })),
    ...claims.map(({ id }) => ({ id, partition: claimPartition(id), read: readClaim })),
  ];
  let links = 0;
  for (const [chains, { id, partition, read }] of subjects.entries()) {
    const found = await read(id);
    if (found === undefined) return { chains, links, broken: `${id}：登记册有此件，案卷不存在` };
    const broken = await verifyTimeline(partition, found.head);
    if (broken !== undefined)
      return { chains, links, broken: `${id}：第 ${broken.sequence} 环，${faults[broken.fault]}` };
    links += found.head?.sequence ?? 0;
  }
  return { chains: subjects.length, links, broken: undefined };
}

const faults = {
  sequence: '序号不连',
  previous: '与前一环不接',
  hash: '哈希不符',
  digest: '内容与摘要不符',
  missing: '缺失',
};

/** Which chains are meant must be said: of a wrong district there are none, and none is whole. @throws NoSystem */
function districtToVerify(): string {
  const { TABLE_NAME, DISTRICT } = process.env;
  if (!TABLE_NAME || !DISTRICT) throw new NoSystem('请先设置 TABLE_NAME 和 DISTRICT，说明核验哪一个区的哪一张表。');
  return DISTRICT;
}

if (values.help) console.log(HELP);
else {
  try {
    if (!values.aws) await connectLocal(values.data);
    const { chains, links, broken } = await verify(districtToVerify());
    if (broken === undefined) console.log(`留痕完整：${chains} 条链，${links} 环。`);
    else {
      console.error(`留痕断裂：${broken}（此前 ${chains} 条链完整）。`);
      process.exitCode = 1;
    }
  } catch (error) {
    // What could not be looked at is neither whole nor broken.
    const said = error instanceof Error ? `${error.name}：${error.message}` : String(error);
    console.error(`✗ ${error instanceof NoSystem ? error.message : `核验不下去（${said}）。`}`);
    process.exitCode = 2;
  }
}
