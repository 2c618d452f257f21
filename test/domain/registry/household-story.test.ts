import { describe, expect, it } from 'vitest';
import { type StoryFacts, storyOf, type Told } from '../../../functions/domain/registry/household-history.ts';

const AT = '2023-10-11T17:00:00.000Z';
const NOTHING: StoryFacts = { changes: [], visits: [], sheets: [], cases: [], claims: [], help: [] };
const titles = (facts: Partial<StoryFacts>) => storyOf({ ...NOTHING, ...facts }).map(({ title }) => title);

const event = (kind: string, body?: Readonly<Record<string, unknown>>, at = AT): Told => ({ at, kind, body });
const MEASURES = [{ id: 'measure-1', kind: 'health' as const }];
const ofCase = (...events: Told[]) => storyOf({ ...NOTHING, cases: [{ id: 'case-1', measures: MEASURES, events }] });
const ofClaim = (line: string, ...events: Told[]) => storyOf({ ...NOTHING, claims: [{ id: 'claim-1', line, events }] });

describe('a household’s story', () => {
  it('is told in the order of the days, and within a day as it was recorded', () => {
    const help = (id: string, occurredOn: string, recordedAt: string) => ({
      id,
      kind: 'goods' as const,
      occurredOn,
      recordedAt,
    });
    const story = storyOf({
      ...NOTHING,
      help: [
        help('late', '2023-03-02', '2023-03-02T01:00:00Z'),
        help('second', '2023-03-01', '2023-03-03T00:00:00+08:00'),
        help('first', '2023-03-01', '2023-03-02T15:59:59Z'),
      ],
    });
    expect(story.map(({ subject }) => subject)).toEqual(['first', 'second', 'late']);
  });

  it('tells changes, visits, sheets and help, each with the id to look further', () => {
    const version = {
      version: 2,
      on: '2023-02-01',
      recordedAt: AT,
      by: 'o',
      change: { kind: 'cancel' as const, reason: 'duplicate' as const },
    };
    const visit = {
      id: 'visit-1',
      round: '2023Q1',
      visitedOn: '2023-02-02',
      submittedAt: AT,
      purpose: 'screening',
      triage: { class: 'concern' as const },
    };
    const row = { class: 'monitor', missed: null, perCapita: 650_050 } as StoryFacts['sheets'][number]['row'];
    expect(
      storyOf({
        ...NOTHING,
        changes: [version],
        visits: [
          visit,
          { ...visit, id: 'visit-2', visitedOn: '2023-02-03', purpose: 'sample', triage: { class: 'secure' } },
        ],
        sheets: [
          { round: '2023Q1', sealedAt: '2023-02-03T16:00:00Z', row },
          { round: '2023Q2', sealedAt: '2023-05-03T16:00:00Z', row: { ...row, class: null, missed: 'refused' } },
          { round: '2023Q3', sealedAt: '2023-08-03T16:00:00Z', row: { ...row, perCapita: null } },
        ],
        help: [
          { id: 'e-1', kind: 'loan', occurredOn: '2023-09-01', recordedAt: AT, amount: 5_000_000 },
          { id: 'e-2', kind: 'team-visit', occurredOn: '2023-09-02', recordedAt: AT },
        ],
      }).map(({ on, kind, title, subject }) => [on, kind, title, subject]),
    ).toEqual([
      ['2023-02-01', 'change', '注销', null],
      ['2023-02-02', 'visit', '入户排查（2023Q1）：关心户（暂定）', 'visit-1'],
      ['2023-02-03', 'visit', '抽样复核（2023Q1）：放心户（暂定）', 'visit-2'],
      ['2023-02-04', 'screening', '2023Q1 封存：监测户，人均 6500.50 元', '2023Q1'],
      ['2023-05-04', 'screening', '2023Q2 封存：未走访（refused）', '2023Q2'],
      ['2023-08-04', 'screening', '2023Q3 封存：监测户，人均 0.00 元', '2023Q3'],
      ['2023-09-01', 'help', '帮扶：助农扶农贷款 50000.00 元', 'e-1'],
      ['2023-09-02', 'help', '帮扶：工作队走访', 'e-2'],
    ]);
  });

  it('names each kind of change and of help', () => {
    const kinds = [
      'register',
      'birth',
      'move-in',
      'death',
      'move-out',
      'certificate',
      'correction',
      'split',
      'merge-in',
      'cancel',
    ];
    const changes = kinds.map((kind, n) => ({
      version: n,
      on: `2023-01-${10 + n}`,
      recordedAt: AT,
      by: 'o',
      change: { kind },
    }));
    expect(titles({ changes: changes as unknown as StoryFacts['changes'] })).toEqual([
      '登记入册',
      '出生',
      '迁入',
      '死亡',
      '迁出',
      '登记残疾证',
      '更正登记',
      '分户',
      '他户并入',
      '注销',
    ]);
    const acts = [
      'placement',
      'unemployed-hired',
      'start-up',
      'training',
      'post',
      'post-subsidy',
      'award-application',
      'award-acceptance',
      'award-payment',
      'loan',
      'housing-repair',
      'goods',
      'offspring',
      'donation-received',
      'donation-spent',
      'company-jobs',
      'team-visit',
    ] as const;
    const help = acts.map((kind, n) => ({ id: kind, kind, occurredOn: `2023-01-${10 + n}`, recordedAt: AT }));
    expect(titles({ help }).map((title) => title.replace('帮扶：', ''))).toEqual([
      '帮扶就业',
      '登记失业人员吸纳就业',
      '帮扶创业',
      '技能培训',
      '公益性岗位',
      '公益性岗位补贴',
      '以奖代补申请',
      '以奖代补现场验收',
      '以奖代补发放',
      '助农扶农贷款',
      '修缮住房',
      '发放畜禽物资',
      '繁育增收',
      '捐款收入',
      '捐款支出',
      '社会企业帮助就业创业',
      '工作队走访',
    ]);
  });

  it('tells each event of a case by its words, step, verdict, measure and state', () => {
    expect(
      ofCase(
        event('episode-started', { episode: 1 }),
        event('step-decided', { step: 'town-review', verdict: 'approve' }),
        event('step-decided', { step: 'town-review', verdict: 'send-back' }),
        event('step-decided', { step: 'village-appraisal', verdict: 'reject' }),
        event('step-decided', undefined),
        event('measure-planned', { measure: 'measure-1', status: 'planned' }),
        event('measure-changed', { measure: 'measure-1', to: 'completed', status: 'planned' }),
        event('measure-changed', { measure: 'measure-9', to: 'abandoned' }),
        event('notice-published', {}),
        event('objection-lodged', {}),
        event('something-new', {}),
      ).map(({ kind, title, subject }) => [kind, title, subject]),
    ).toEqual([
      ['case', '监测线索', 'case-1'],
      ['case', '审核：乡镇审核 通过', 'case-1'],
      ['case', '审核：乡镇审核 退回', 'case-1'],
      ['case', '审核：村级评议 不予通过', 'case-1'],
      ['case', '审核', 'case-1'],
      ['measure', '制定措施：健康帮扶 已计划', 'case-1'],
      ['measure', '措施进展：健康帮扶 已完成', 'case-1'],
      ['measure', '措施进展：已放弃', 'case-1'],
      ['notice', '张贴公示', 'case-1'],
      ['notice', '公示异议', 'case-1'],
      ['case', 'something-new', 'case-1'],
    ]);
    const kinds = [
      'clue-joined',
      'review-started',
      'step-escalated',
      'notice-concluded',
      'objection-answered',
      'case-opened',
      'case-rejected',
      'helper-assigned',
      'risk-recorded',
      'risk-gone',
      'closure-refused',
      'case-closed',
      'household-moved',
    ];
    expect(ofCase(...kinds.map((kind) => event(kind, {}))).map(({ title }) => title)).toEqual([
      '新的线索并入',
      '审核开始',
      '逾期上报',
      '公示期满',
      '答复异议',
      '纳入监测',
      '未予纳入',
      '明确帮扶责任人',
      '认定风险',
      '风险消除',
      '不予消除风险',
      '风险消除',
      '随户迁移',
    ]);
  });

  it('dates an event by the day it says, else by the day in Shanghai it was recorded', () => {
    expect(
      ofCase(event('case-opened', { on: '2021-06-01' }), event('case-opened', {}), event('case-opened')).map(
        ({ on }) => on,
      ),
    ).toEqual(['2021-06-01', '2023-10-12', '2023-10-12']);
  });

  it('tells each event of a claim by its line, with its amount', () => {
    expect(
      ofClaim(
        'illness',
        event('claim-approved', { amount: 800_000 }),
        event('payment-settled', { amount: 800_000, on: '2023-11-01' }),
      ).map(({ on, kind, title }) => [on, kind, title]),
    ).toEqual([
      ['2023-10-12', 'claim', '理赔（疾病医疗）：核赔通过 8000.00 元'],
      ['2023-11-01', 'payout', '理赔（疾病医疗）：赔款到账 8000.00 元'],
    ]);
    const kinds = [
      'claim-reported',
      'cover-checked',
      'documents-requested',
      'document-received',
      'documents-complete',
      'surveyed',
      'adjudicated',
      'refusal-proposed',
      'sent-back',
      'sent-to-adjudication',
      'first-approved',
      'claim-rejected',
      'refusal-notified',
      'payee-recorded',
      'payment-instructed',
      'payment-returned',
      'claim-withdrawn',
      'claim-appealed',
      'claim-escalated',
      'claim-closed',
      'unheard',
    ];
    expect(
      ofClaim('disaster', ...kinds.map((kind) => event(kind))).map(({ title }) => title.replace('理赔（灾害）：', '')),
    ).toEqual([
      '报案',
      '受理',
      '一次性告知补充资料',
      '收到资料',
      '资料齐全',
      '查勘',
      '理算',
      '拟拒赔',
      '退回查勘',
      '重新理算',
      '核赔（待复核）',
      '拒赔',
      '告知拒赔',
      '登记收款账户',
      '支付指令',
      '退汇',
      '撤案',
      '复议',
      '逾期上报',
      '结案',
      'unheard',
    ]);
    const lines = ['accidental-death', 'accidental-disability', 'accident-medical', 'education', 'theft'];
    expect(lines.flatMap((line) => ofClaim(line, event('claim-reported')).map(({ title }) => title))).toEqual(
      ['意外身故', '意外伤残', '意外医疗', '助学', 'theft'].map((line) => `理赔（${line}）：报案`),
    );
  });
});
