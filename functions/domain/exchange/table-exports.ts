import type * as z from 'zod';
import type { CaseLine } from '../../contracts/cases/cases-http.ts';
import type { ClaimLine } from '../../contracts/insurance/insurance-http.ts';
import type { HouseholdView } from '../../contracts/registry/households-http.ts';
import type { sheetResponse } from '../../contracts/screening/rounds-http.ts';
import { rejectSentences } from '../insurance/claim-labels.ts';
import { caseTypeWords, riskWords } from './case-columns.ts';
import type { Worksheet } from './cells.ts';
import {
  classWords,
  closureWords,
  lineWords,
  missedWords,
  originWords,
  relationWords,
  sexWords,
  wordOf,
} from './column-labels.ts';
import {
  column,
  count,
  date,
  type Names,
  type Outgoing,
  time,
  whereabouts,
  worksheetOf,
  yesOrNo,
  yuan,
} from './exports.ts';

/** What an export knows about the households in it. */
export interface Register {
  names: Names;
  households: ReadonlyMap<string, HouseholdView>;
}

function headOf({ households }: Register, household: string): string | null {
  return households.get(household)?.members.find(({ relation }) => relation === 'head')?.name ?? null;
}

/** 农户花名册: a row for each person, with headings the import accepts. ID numbers are masked, as everywhere. */
export function householdsOut({ names, households }: Register): Worksheet {
  type Item = { household: HouseholdView; member: HouseholdView['members'][number] | undefined };
  const items = [...households.values()].flatMap((household): Item[] =>
    household.members.length === 0
      ? [{ household, member: undefined }]
      : household.members.map((member) => ({ household, member })),
  );
  return worksheetOf<Item>(
    '农户花名册',
    [
      ...whereabouts<Item>(names, ({ household }) => household.id),
      column('户类型', ({ household }) => wordOf(originWords, household.origin)),
      column('登记日期', ({ household }) => date(household.registeredOn)),
      column('家庭住址', ({ household }) => household.address),
      column('联系电话', ({ household }) => household.phone),
      column('姓名', ({ member }) => member?.name),
      column('与户主关系', ({ member }) => member && wordOf(relationWords, member.relation)),
      column('性别', ({ member }) => member && wordOf(sexWords, member.sex)),
      column('年龄', ({ member }) => count(member?.age)),
      column('身份证号码', ({ member }) => member?.idNumber),
      column('状态', ({ household }) => (household.status === 'cancelled' ? '已注销' : '在册')),
      column('是否监测对象', ({ household }) => yesOrNo(household.openCase)),
    ],
    items,
  );
}

type Row = z.infer<typeof sheetResponse>['rows'][number];

/** 排查表 of a sealed round. */
export function visitsOut(register: Register, round: string, rows: readonly Row[]): Worksheet {
  const columns: Outgoing<Row>[] = [
    ...whereabouts<Row>(register.names, ({ household }) => household),
    column('户主', ({ household }) => headOf(register, household)),
    column('家庭人口', ({ people }) => count(people)),
    column('排查分类', (row) => row.class && wordOf(classWords, row.class)),
    column('未入户原因', ({ missed }) => missed && wordOf(missedWords, missed)),
    column('人均纯收入（元）', ({ perCapita }) => yuan(perCapita)),
    column('收入所属轮次', ({ perCapitaRound }) => perCapitaRound),
    column('上次人均纯收入（元）', ({ previousPerCapita }) => yuan(previousPerCapita)),
    column('本系统赔付（元）', ({ ownPayouts }) => yuan(ownPayouts)),
    column('是否监测对象', ({ openCase }) => yesOrNo(openCase)),
    column('拟纳入类别', ({ caseType }) => caseType && wordOf(caseTypeWords, caseType)),
    column('有劳动力', ({ labour }) => yesOrNo(labour)),
    column('研判依据', ({ signals }) => signals.map(({ message }) => message).join('')),
    column('多次入户结果不一致', ({ disagreement }) => yesOrNo(disagreement)),
    column('抽查分类', ({ sample }) => sample && wordOf(classWords, sample)),
  ];
  return worksheetOf(`${round} 排查表`, columns, rows);
}

/** 监测对象名册: a row for each household's newest episode. */
export function casesOut(register: Register, lines: readonly CaseLine[]): Worksheet {
  const columns: Outgoing<CaseLine>[] = [
    ...whereabouts<CaseLine>(register.names, ({ household }) => household),
    column('户主', ({ household }) => headOf(register, household)),
    column('当前环节', ({ stageName }) => stageName),
    column('第几次纳入', ({ episode }) => count(episode)),
    column('纳入时人口', ({ people }) => count(people)),
    column('监测对象类别', ({ caseType }) => caseType && wordOf(caseTypeWords, caseType)),
    column('致贫返贫风险', ({ risks }) => risks.map((risk) => wordOf(riskWords, risk)).join('、')),
    column('纳入日期', ({ admittedOn }) => date(admittedOn)),
    column('风险消除日期', ({ closed }) => date(closed?.on)),
    column('消除方式', ({ closed }) => closed && wordOf(closureWords, closed.method)),
    column('帮扶责任人账号', ({ helper }) => helper),
    column('审核步骤', ({ review }) => review?.stepName),
    column('审核期限', ({ review }) => time(review?.totalDueAt)),
    column('是否逾期', ({ review }) => yesOrNo(review?.overdue)),
    column('案件编号', ({ id }) => id),
  ];
  return worksheetOf('监测对象名册', columns, lines);
}

/** 理赔案件: people are told only by their household. */
export function claimsOut({ names }: Register, lines: readonly ClaimLine[]): Worksheet {
  const columns: Outgoing<ClaimLine>[] = [
    ...whereabouts<ClaimLine>(names, ({ household }) => household),
    column('案件编号', ({ id }) => id),
    column('保单编号', ({ policy }) => policy),
    column('保险责任', ({ line }) => wordOf(lineWords, line)),
    column('出险日期', ({ eventOn }) => date(eventOn)),
    column('报案时间', ({ reportedAt }) => time(reportedAt)),
    column('当前环节', ({ stageName }) => stageName),
    column('待办步骤', ({ waiting }) => waiting?.stepName),
    column('办理时限', ({ waiting }) => time(waiting?.dueAt)),
    column('是否逾期', ({ waiting }) => yesOrNo(waiting?.overdue)),
    column('申请金额（元）', ({ claimed }) => yuan(claimed)),
    column('核定金额（元）', ({ approved }) => yuan(approved)),
    column('赔付金额（元）', ({ paid }) => yuan(paid?.amount)),
    column('到账日期', ({ paid }) => date(paid?.on)),
    column(
      '拒赔原因',
      ({ rejected }) => rejected && Object.entries(rejectSentences).find(([code]) => code === rejected)?.[1],
    ),
  ];
  return worksheetOf('理赔案件', columns, lines);
}
