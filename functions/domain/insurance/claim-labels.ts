import type { Adjudication, ArithmeticStep } from '../../contracts/insurance/adjudication.ts';
import type { ClaimRejectCode, ClaimStage, DocumentKind } from '../../contracts/insurance/claim.ts';
import type { WaitingStep } from './claim-stages.ts';
import type { Missing } from './documents.ts';

export const claimStageNames: Record<ClaimStage, string> = {
  reported: '已报案',
  registered: '已受理',
  'documents-requested': '待补充资料',
  surveyed: '已查勘',
  adjudicated: '已理算',
  approved: '已核赔',
  'payment-instructed': '支付中',
  paid: '已到账',
  'payment-returned': '退汇',
  closed: '已结案',
  rejected: '已拒赔',
  withdrawn: '已撤案',
  appealed: '已复议',
};

export const waitingNames: Record<WaitingStep, string> = {
  documents: '补充资料',
  survey: '查勘',
  approval: '核赔',
  'second-approval': '复核',
  'payee-approval': '核对收款账户',
  account: '登记收款账户',
  payment: '生成支付指令',
  confirmation: '等待银行回执',
  'refusal-notice': '告知拒赔',
};

export const rejectSentences: Record<ClaimRejectCode, string> = {
  'not-insured': '出险时不在保险名册内。',
  'outside-period': '出险日期不在保险期间内。',
  'waiting-period': '出险日期在等待期内。',
  'event-not-covered': '该项责任不在保险条款内。',
  'below-deductible': '累计自付费用未超过免赔额。',
  'limit-exhausted': '赔偿限额已用完。',
  duplicate: '同一事故已经报案。',
  'documents-not-provided': '未在期限内补齐资料。',
  'investigation-negative': '经查勘，不属于保险事故。',
};

const documentNames: Record<DocumentKind, string> = {
  'household-cancellation': '户籍注销证明',
  'cremation-certificate': '火化证明',
  'medical-death-certificate': '居民死亡医学证明',
  'accident-proof': '事故证明',
  'relationship-proof': '关系证明',
  'account-proof': '收款账户证明',
  'disability-appraisal': '伤残鉴定',
  invoice: '医疗发票',
  'itemised-bill': '费用清单',
  'medical-record': '病历',
  'enrolment-proof': '入学证明',
  'fee-proof': '缴费凭证',
  'disaster-proof': '受灾证明',
  photograph: '现场照片',
  other: '其他材料',
};

/** What is missing, in words: 户籍注销证明、火化证明（任 2 项）. */
export function missingView(all: readonly Missing[]): (Missing & { names: string })[] {
  return all.map((one) => {
    const names = one.anyOf.map((kind) => documentNames[kind]).join('、');
    return { ...one, names: one.anyOf.length > one.count ? `${names}（任 ${one.count} 项）` : names };
  });
}

function yuan(fen: unknown): string {
  return `${(Number(fen) / 100).toFixed(2)} 元`;
}

/** Each step of the arithmetic as a sentence that a family can follow with a pencil. */
export function arithmeticSentences({ steps }: Pick<Adjudication, 'steps'>): string[] {
  return steps.map(sentenceOf);
}

function sentenceOf({ step, amount, terms }: ArithmeticStep): string {
  switch (step) {
    case 'bill':
      return `发票 ${terms['invoice']}：总额 ${yuan(terms['total'])}，已报销 ${yuan(terms['reimbursed'])}，不合规 ${yuan(terms['excluded'])}，计入 ${yuan(amount)}。`;
    case 'accepted':
      return `本次计入合规自付 ${yuan(amount)}。`;
    case 'accumulated':
      return `加上本保险期间此前的 ${yuan(terms['before'])}，累计 ${yuan(amount)}。`;
    case 'deductible':
      return `扣除免赔额 ${yuan(terms['deductible'])}，余 ${yuan(amount)}。`;
    case 'tier':
      return `其中 ${yuan(terms['part'])} 按 ${terms['percent']}% 计。`;
    case 'rounded':
      return `各档合计，四舍五入到分：${yuan(amount)}。`;
    case 'person-cap':
      return `每人期间上限 ${yuan(terms['cap'])}，取 ${yuan(amount)}。`;
    case 'approved-before':
      return `减去此前已核 ${yuan(terms['approved'])}，余 ${yuan(amount)}。`;
    case 'claimed-cap':
      return `不超过本次计入的 ${yuan(terms['accepted'])}：${yuan(amount)}。`;
    case 'lump-sum':
      return `定额给付 ${yuan(amount)}。`;
    case 'graded':
      return `伤残 ${terms['grade']} 级，按 ${yuan(terms['sum'])} 的 ${terms['percent']}% 给付 ${yuan(amount)}。`;
    case 'staged':
      return `按学段给付 ${yuan(amount)}。`;
    case 'housing':
      return `住房损失 ${yuan(terms['loss'])}，按受损程度最高 ${yuan(terms['sum'])}，给付 ${yuan(amount)}。`;
    case 'assets':
      return `财产损失 ${yuan(terms['loss'])}，按 ${terms['percent']}% 给付 ${yuan(amount)}。`;
    case 'event-cap':
      return `每次事故上限 ${yuan(terms['cap'])}，取 ${yuan(amount)}。`;
    case 'household-cap':
      return `每户期间上限尚余 ${yuan(terms['left'])}，取 ${yuan(amount)}。`;
    case 'limit':
      return `保单限额尚余 ${yuan(terms['left'])}，核定 ${yuan(amount)}。`;
  }
}
