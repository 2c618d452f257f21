import { Problem } from '../../contracts/problems.ts';
import { dayOf } from '../../domain/calendar.ts';
import type { Worksheet } from '../../domain/exchange/cells.ts';
import type { Kind } from '../../domain/exchange/kind.ts';
import { kinds } from '../../domain/exchange/kinds.ts';
import { unmerged } from '../../domain/exchange/merged.ts';
import { type Outcome, reportOf } from '../../domain/exchange/outcomes.ts';
import { readTable, type Table } from '../../domain/exchange/reading.ts';
import { httpHandler, type Operation, type Reply } from '../../runtime/http.ts';
import { exchangeRoutes } from '../routes/exchange.ts';
import { askExport, readExport, stepExport } from './jobs/exports.ts';
import { askImport, readImport, stepImport } from './jobs/imports.ts';
import { callerApi } from './workbook/caller-api.ts';
import { briefWorkbook, exported, householdsIn } from './workbook/export.ts';
import { readWorkbook } from './workbook/read.ts';
import { summaryOf } from './workbook/summary.ts';
import { finished, mustSayWhere, sent } from './workbook/take-in.ts';
import { knownRows, templateOf } from './workbook/template.ts';
import { download } from './workbook/write.ts';

const readTemplate: Operation<typeof exchangeRoutes.readTemplate> = async ({
  params,
  query: { format, village },
  origin,
  authorization,
}) => {
  const kind = kinds[params.kind];
  if (village === undefined) return download(templateOf(kind), format, `${kind.title}模板`);
  if (params.kind !== 'visits')
    throw new Problem('invalid-parameter', {
      errors: [{ pointer: '/village', code: 'unknown-field', detail: '只有入户排查记录按村填好名单。' }],
    });
  const households = await householdsIn(callerApi({ origin, authorization }), village);
  const registered = households.filter(({ status }) => status === 'registered');
  return download(templateOf(kind, knownRows(kind, registered)), format, `${kind.title} ${village}`);
};

/** Imports a table through the same routes that take JSON, in the caller's name, and answers the outcome of every row. */
const importSheet: Operation<typeof exchangeRoutes.importSheet> = async ({
  params,
  query,
  body,
  origin,
  authorization,
  now,
}) => {
  const kind = kinds[params.kind];
  mustSayWhere(params.kind, query);
  const { worksheet, table } = tableOf(kind, readWorkbook(body));
  const isWhole = table.faults.length === 0;
  const api = callerApi({ origin, authorization });
  if (isWhole) await finished(api, kind, table.drafts, query);
  const outcomes = isWhole
    ? await sent(api, kind, params.kind, table.drafts, query)
    : table.drafts.map((draft): Outcome => ({ draft, outcome: 'not-sent' }));
  const { refusal: refused, answer } = summaryOf({ kind: params.kind, worksheet, table, outcomes });
  // A completed check is a success, whatever it found.
  const refusal = isWhole && query.check === 'true' ? undefined : refused;
  if (query.report === 'xlsx') {
    const report = { name: worksheet.name, ...reportOf(worksheet, table, outcomes) };
    return download([report], 'xlsx', `${kind.title}导入结果 ${dayOf(now)}`, refusal?.status ?? 200);
  }
  if (refusal !== undefined) throw refusal;
  return { status: 200, body: answer } satisfies Reply;
};

interface Found {
  worksheet: Worksheet;
  table: Table;
}

/**
 * The worksheet with the table, and what stands in it: the one that has every column there must be, or the first in which headings stand at all. Of several
 * that have them none is chosen: villages fill in a worksheet each, and all but one would be lost without a word.
 * @throws Problem sheet-columns, sheet-several, sheet-empty, sheet-too-large
 */
function tableOf(kind: Kind, worksheets: readonly Worksheet[]): Found {
  const found = worksheets
    .map((each) => unmerged(kind, each))
    .map((worksheet): Found => ({ worksheet, table: readTable(kind, worksheet, kind.most) }))
    .filter(({ table }) => table.header !== undefined);
  const filled = found.filter(({ table }) => table.rows > 0);
  const whole = filled.filter(({ table }) => table.faults.every(({ code }) => code !== 'column-missing'));
  if (whole.length > 1)
    throw new Problem('sheet-several', {
      detail: `有${whole.length}张工作表都是“${kind.title}”：${whole.map(({ worksheet }) => worksheet.name).join('、')}。一次只导入一张：请合成一张，或分成几个文件提交。`,
    });
  const chosen = whole[0] ?? filled[0] ?? found[0];
  if (chosen === undefined)
    throw new Problem('sheet-columns', {
      detail: `前五行中没有找到“${kind.title}”的表头，请使用模板中的列名。`,
    });
  if (chosen.table.rows === 0) throw new Problem('sheet-empty');
  if (chosen.table.rows > kind.most)
    throw new Problem('sheet-too-large', { detail: `一个文件最多 ${kind.most} 行，请分成几个文件提交。` });
  return chosen;
}

const exportSheet: Operation<typeof exchangeRoutes.exportSheet> = async ({
  params,
  query,
  origin,
  authorization,
  now,
}) => {
  const worksheet = await exported(callerApi({ origin, authorization }), params.kind, query);
  return download([worksheet], query.format, `${worksheet.name} ${query.region} ${dayOf(now)}`);
};

const exportBrief: Operation<typeof exchangeRoutes.exportBrief> = async ({ query, origin, authorization }) => {
  const { worksheets, name } = await briefWorkbook(callerApi({ origin, authorization }), query);
  return download(worksheets, query.format, name);
};

export const handler = httpHandler(exchangeRoutes, {
  readTemplate,
  importSheet,
  exportSheet,
  askExport,
  readExport,
  stepExport,
  askImport,
  readImport,
  stepImport,
  exportBrief,
});
