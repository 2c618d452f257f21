import { writeFileSync } from 'node:fs';
import { isoDate } from '../functions/contracts/values.ts';
import { dayOf } from '../functions/domain/calendar.ts';
import { briefDocument } from '../functions/domain/reports/document.ts';
import { BriefsDiffer, rolledUp } from '../functions/domain/reports/roll-up.ts';
import { argumentsOf } from './connect/arguments.ts';
import { DocumentRefused, openedDocuments, thumbprints } from './roll-up/documents.ts';

const HELP = `把各区县已发布的简报汇总为地市或全省的简报。只有数字，没有任何个人信息。

  npm run roll-up -- --region 4409 --name 茂名市 --trust 信任.json [--until 2023-12-31] [--json FILE] [--html FILE] 简报文件…
  npm run roll-up -- --thumbprints 简报文件…    显示各文件所用密钥的指纹，供与区县核对后写入信任文件

信任文件：{"440904": "密钥指纹", …}。每个区县取截止日（--until，默认今天）以前最新的一份；缺少的区县会列出。

退出码：0 汇总完成；1 缺少区县；2 有文件被拒绝，或无法汇总。
`;

function asked() {
  return argumentsOf({
    allowPositionals: true,
    options: {
      region: { type: 'string', default: '' },
      name: { type: 'string', default: '' },
      trust: { type: 'string' },
      until: { type: 'string', default: dayOf(Date.now()) },
      json: { type: 'string' },
      html: { type: 'string' },
      thumbprints: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

async function rollUp(trust: string, { values, positionals }: ReturnType<typeof asked>): Promise<void> {
  const { documents, missing } = await openedDocuments(positionals, trust, values);
  const brief = rolledUp(
    { code: values.region, name: values.name === '' ? values.region : values.name },
    documents.map((document) => document.brief),
  );
  for (const { claims, brief: own } of documents)
    console.log(`${own.name}（${claims.district}）${claims.round}，截至 ${claims.asOf}`);
  console.log(`${brief.name}：${documents.length} 个区县，数据完整至 ${brief.asOf}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(brief, null, 2)}\n`);
  if (values.html !== undefined) writeFileSync(values.html, briefDocument(brief));
  if (missing.length > 0) {
    console.log(`没有简报的区县：${missing.join('、')}`);
    process.exitCode = 1;
  }
}

try {
  const { values, positionals } = asked();
  if (values.help) console.log(HELP);
  else if (positionals.length === 0) {
    // Of a folder without files: nothing was summed.
    console.error('✗ 没有给出简报文件（加 --help 查看说明）。');
    process.exitCode = 2;
  } else if (values.thumbprints)
    for (const { district, thumbprint } of await thumbprints(positionals)) console.log(`${district} ${thumbprint}`);
  else if (values.trust === undefined || values.region === '') {
    console.error('请用 --region 说明汇总哪个地区，用 --trust 给出信任文件。');
    process.exitCode = 2;
  } else if (!isoDate.safeParse(values.until).success) {
    console.error('--until 须是日期，如 2023-12-31。');
    process.exitCode = 2;
  } else await rollUp(values.trust, { values, positionals });
} catch (error) {
  // Whatever went wrong is 2: an uncaught error would end as 1, which says that only districts are missing.
  console.error(error instanceof DocumentRefused || error instanceof BriefsDiffer ? error.message : error);
  process.exitCode = 2;
}
