import { MOST_MEMBERS } from './values.ts';

/**
 * Every way a request can be refused: a stable code, its HTTP status, and the sentence an official reads.
 * Answers are RFC 9457 problem details; clients decide by `code`, never by the sentence.
 */
export const problems = {
  'malformed-json': [400, '请求内容不是有效的 JSON。'],
  'invalid-body': [400, '请求内容有误，请按提示逐项更正。'],
  'invalid-parameter': [400, '网址参数有误，请按提示更正。'],
  'invalid-cursor': [400, '翻页标记无效，请从第一页重新查询。'],
  unauthenticated: [401, '请先登录。'],
  'role-not-allowed': [403, '您的角色不能进行此项操作。'],
  'outside-region': [403, '该地区不在您的管辖范围内。'],
  'region-level': [403, '此项操作须由管辖整个地区的账号办理，您的管辖范围不够。'],
  'not-found': [404, '没有找到所查的内容。'],
  'household-unknown': [404, '没有登记这一户。'],
  'round-unknown': [404, '没有这一轮排查。'],
  'criteria-unknown': [404, '没有这一套标准。'],
  'sheet-not-sealed': [404, '该村本轮排查表尚未封存。'],
  'body-too-large': [413, '请求内容超过大小限制，请分批提交。'],
  'too-many-rows': [400, '一次提交的行数超过上限，请分批提交。'],
  'all-rows-refused': [422, '所有行均未通过，未写入任何内容，请按每行提示更正。'],
  'village-unknown': [422, '行政区划中没有这个村。'],
  'village-inhabited': [409, '要去掉的村里还有登记户，请先为这些户办理迁移或注销，再导入区划。'],
  'divisions-missing': [409, '尚未导入行政区划。'],
  'id-number-invalid': [422, '身份证号码不符合 GB 11643 规定。'],
  'head-not-single': [422, '每户须有且只有一名户主。'],
  'person-twice-in-row': [422, '同一人在本户中出现两次。'],
  'person-in-other-household': [422, '此人已登记在另一户，一人同时只能在一户。'],
  'person-deceased': [422, '此人已登记死亡，不能再迁入。'],
  'household-too-large': [422, `变更后本户超过 ${MOST_MEMBERS} 人，一次入户登记容纳不下，请先分户。`],
  'household-exists': [409, '该户编号已登记，内容不同；如需更改请使用变更。'],
  'household-cancelled': [409, '该户已注销。'],
  'version-conflict': [409, '该户已被他人更改，请刷新后重试。'],
  'change-not-possible': [422, '该变更与本户现状不符。'],
  'date-in-future': [422, '日期不能晚于今天。'],
  'date-before-registration': [422, '日期不能早于登记日期。'],
  'date-before-birth': [422, '日期不能早于身份证号码中的出生日期。'],
  'criteria-missing': [409, '该年度没有已批准的监测线，不能开展排查。'],
  'criteria-own-proposal': [403, '提出人不能批准自己提出的标准。'],
  'criteria-already-approved': [409, '该标准已由他人批准。'],
  'criteria-out-of-order': [409, '生效日期须晚于现行标准的生效日期。'],
  'round-not-open': [409, '当前没有正在进行的排查，请保留本次入户记录，待开轮后提交。'],
  'round-sealed': [409, '本轮排查已封存，不再接收入户记录。'],
  'round-other-open': [409, '上一轮排查尚未封存，不能开新一轮。'],
  'round-in-future': [422, '不能提前开展以后季度的排查。'],
  'round-before-last': [422, '不能开展早于已封存轮次的排查。'],
  'round-not-covered': [409, '仍有户未入户且未说明原因，不能提前封存。'],
  'village-sealed': [409, '本村本轮排查已封存，不再接收入户记录。'],
  'other-round': [422, '入户记录的轮次与本次提交的轮次不同。'],
  'other-village': [422, '该户不属于本次提交的村。'],
  'household-not-expected': [422, '该户不在本轮冻结名单内，下一轮起排查。'],
  'members-mismatch': [422, '家庭成员与登记不符，请先办理成员变更。'],
  'visited-in-future': [422, '入户日期不能晚于今天。'],
  'visited-before-last-sealing': [422, '入户日期须在上一轮封存之后。'],
  'recorded-after-request': [422, '表单完成时间不能晚于提交时间，请校准手机时间。'],
  'recorded-before-visit': [422, '表单完成时间不能早于入户日期。'],
  'sample-needs-surveyor': [422, '抽查记录只能由第三方调查员提交。'],
  // Reviews of cases: admission and closure.
  'review-ended': [409, '本次审核已经结束，不能再处理。'],
  'wrong-step': [409, '尚未轮到这一步，须按顺序办理。'],
  'stale-decision': [409, '该待办已失效，请刷新后按最新待办处理。'],
  'own-proposal': [403, '提出人不能审核自己提出的事项。'],
  'decided-before': [403, '您已办理过本次审核的其他步骤，须由他人办理这一步。'],
  'send-back-not-earlier': [422, '只能退回到更早的步骤。'],
  'not-given': [422, '材料不全，不能通过。'],
  'dated-in-future': [422, '签署或评议日期不能晚于今天。'],
  'vote-not-carried': [422, '同意票未超过到会人数的半数，不能通过。'],
  'gates-not-met': [422, '风险消除条件未全部满足，不能办理。'],
  'notice-missing': [409, '尚未公示。'],
  'notice-already-given': [409, '本次公示已经发布。'],
  'notice-shortened': [422, '公示期不得缩短。'],
  'notice-not-ended': [409, '公示期未满，不能进入下一步。'],
  'notice-not-standing': [409, '不在公示期内，不能提出异议。'],
  'objections-unanswered': [409, '还有公示异议未答复，不能进入下一步。'],
  'objection-unknown': [404, '没有这条异议。'],
  'objections-full': [409, '本次公示收到的异议已达上限，请直接到村民委员会当面提出。'],
  'clues-full': [409, '本户线索已达上限，请直接在监测对象中处理。'],
  'measures-full': [409, '一户的帮扶措施已达上限。'],
  'clock-not-ended': [409, '办理时限未到，不能提级。'],
  'measure-status': [409, '该措施当前状态不能这样变更。'],
  'measure-date-in-future': [422, '日期不能晚于今天。'],
  'measure-date-before': [422, '日期不能早于上一环节。'],
  'referral-missing': [409, '该措施没有转介。'],
  'referral-settled': [409, '该转介已有结果。'],
  'decision-unknown': [404, '没有这项待办。'],
  'decision-not-yours': [403, '这一步不由您所在层级办理。'],
  'decision-other-answer': [409, '该待办已有不同的处理结果。'],
  'signer-not-member': [422, '承诺授权书须由本户家庭成员签署。'],
  'case-unknown': [404, '没有这个监测对象。'],
  'case-exists': [409, '该户在本系统已有监测记录，不能再导入。'],
  'case-not-open': [409, '该户不在监测帮扶中，不能办理。'],
  'admission-running': [409, '该户纳入审核尚未结束，不能办理风险消除。'],
  'closure-running': [409, '该户风险消除审核正在进行。'],
  'review-running': [409, '该户正在审核中，请待审核结束后再办理搬迁或合并。'],
  'case-under-way': [409, '该户有在办的监测案件，请先结案或驳回；两户合并时只能有一户有在办案件。'],
  'risk-not-recorded': [422, '该户没有记录这种风险。'],
  'measure-unknown': [404, '没有这项帮扶措施。'],
  'notice-unknown': [404, '没有这则公示，或公示期已结束。'],
  'objection-answered': [409, '该异议已有不同的答复。'],
  'clue-unknown': [404, '没有这条线索。'],
  'clue-resolved': [409, '该线索已由他人处理。'],
  'receipt-unknown': [404, '没有这个受理编号。'],
  'too-many-requests': [429, '操作过于频繁，请一小时后再试。'],
  // The assistance ledger.
  'entry-unknown': [404, '没有这笔帮扶台账。'],
  'person-not-member': [422, '此人不是本户家庭成员。'],
  'household-elsewhere': [422, '该户不在所填地区。'],
  'fund-overspent': [409, '该笔捐款基金余额不足，不能支出。'],
  'reference-unknown': [422, '所引用的岗位或物资没有登记在本户名下。'],
  'award-step': [409, '以奖代补须依次申请、现场验收、发放，每步一次。'],
  'already-reversed': [409, '该笔台账已经冲销。'],
  'help-unknown': [404, '没有这件求助。'],
  'help-ended': [409, '该求助已有办理结果。'],
  // Data quality.
  'finding-unknown': [404, '没有这个疑点。'],
  'finding-explained': [409, '该疑点已说明理由，与本次不同。'],
  'finding-corrected': [409, '该疑点的数据已经更正，无须说明。'],
  // Insurance: the refusals of domain/claims/claim.ts and what stands around them.
  'claim-stage': [409, '案件当前环节不能这样办理。'],
  'claim-turn-over': [409, '案件已由他人办理到下一步，请刷新后重试。'],
  'claim-not-yours': [403, '这一步不由您办理。'],
  'claim-own-work': [403, '报案、登记收款账户、查勘或已核赔过的人不能再核赔或支付本案，拒赔原案的人不能决定其复议。'],
  'documents-requested-before': [409, '资料只能一次性索要，本案已索要过。'],
  'documents-nothing-missing': [422, '资料齐全，无须索要。'],
  'documents-missing': [409, '资料未齐，不能查勘。'],
  'facts-other-line': [422, '查勘内容与报案的责任不符。'],
  'amount-above-invoices': [422, '计入的金额超过所交发票。'],
  'date-before-event': [422, '日期不能早于出险日期。'],
  'amount-differs': [422, '金额与核定或指令金额不符。'],
  'refusal-proposed': [409, '本案拟拒赔，不能核赔通过。'],
  'account-missing': [409, '尚未登记收款账户。'],
  'payee-unapproved': [409, '收款账户在查勘后登记或更改过，须由未经手的人重新核对后方可支付。'],
  'payee-name-differs': [422, '户名须与所填家庭成员的姓名一致。'],
  'authority-missing': [422, '监护人代收须先上传关系证明，并填写该材料的编号。'],
  'claim-unknown': [404, '没有这件理赔。'],
  'claim-duplicate': [409, '同一人同一事故或同一发票已经报案。'],
  'claim-under-way': [409, '该案已进入查勘以后的环节，不能再加发票：请保险公司退回本案后补充，或待结案后另行报案。'],
  'invoices-full': [422, '一件理赔最多列 60 张发票，其余请待本案结案后另行报案。'],
  'documents-full': [409, '一件理赔最多存 60 份材料，请合并后上传。'],
  'claim-step-elsewhere': [409, '理赔待办请在案件中办理。'],
  'person-unknown': [422, '登记人口和参保名册中都没有此人。'],
  'policy-unknown': [404, '没有这份保单。'],
  'policy-missing': [409, '尚未登记保单。'],
  'policy-exists': [409, '该保单号已登记，内容不同。'],
  'product-unknown': [404, '没有这一套保险条款。'],
  'product-not-approved': [409, '保险条款尚未批准。'],
  'product-own-proposal': [403, '提出人不能批准自己提出的条款。'],
  'product-already-approved': [409, '该条款已由他人批准。'],
  'roster-contradicts': [409, '该凭证号已登记，日期不同。'],
  'batch-total-wrong': [422, '件数或金额合计与所报不符。'],
  'batch-preparing': [409, '该批支付尚未生成完毕，请用原请求重新提交。'],
  'batch-differs': [409, '该批次编号已用于其他案件，请核对后另行编号。'],
  'batch-empty': [409, '该批案件均已撤案或另行支付，没有可支付的款项。'],
  'date-in-past': [422, '日期不能早于今天。'],
  'batch-unknown': [404, '没有这批支付。'],
  'reason-used': [409, '这一理由已取过一次报文，再取须另行说明理由。'],
  'date-before-instruction': [422, '回执日期不能早于支付指令日期。'],
  'payout-unknown': [404, '没有这笔支付指令。'],
  'payout-not-disputed': [409, '这笔支付没有待处理的矛盾回执。'],
  'limit-not-enough': [409, '保单限额不足。'],
  'evidence-of-nothing': [404, '没有找到照片所属的入户记录或台账。'],
  'evidence-full': [409, '每次入户、每项措施或每笔台账最多存 6 张照片。'],
  'document-not-uploaded': [409, '没有收到这份材料，或大小不符，请重新上传。'],
  'payout-status-unknown': [422, '银行回执的状态代码无法识别，未作处理，请与银行核实。'],
  'currency-differs': [422, '币种不是人民币，未作处理，请与银行核实。'],
  'pain002-empty': [422, '回执报文中没有任何支付的状态，未作处理。'],
  'pain002-invalid': [400, '不是有效的 pain.002 报文。'],
  // Spreadsheets that come in and go out.
  'file-type': [415, '请上传 XLSX 或 CSV 表格文件。'],
  'sheet-unreadable': [422, '文件不是有效的 XLSX 或 CSV 表格，请用表格软件另存后重试。'],
  'sheet-invalid': [422, '表格文件的内容不完整或不合规范，请用表格软件另存后重试。'],
  'sheet-encoding': [422, 'CSV 文件的文字编码无法识别，请另存为 XLSX，或以 application/octet-stream 上传。'],
  'sheet-too-large': [422, '表格过大，请分成几个文件提交。'],
  'sheet-empty': [422, '表格中没有数据行。'],
  'sheet-columns': [422, '表头有误，未导入任何内容，请按提示更正。'],
  'export-too-large': [422, '导出内容过大，请按镇或村分次导出。'],
  'read-interrupted': [503, '读取数据时中断，请稍后重试。'],
  conflict: [409, '同时有其他人在操作，请稍后重试。'],
  internal: [500, '系统出错，已记录，请稍后重试。'],
  unavailable: [503, '系统繁忙，请稍后重试。'],
} as const satisfies Record<string, readonly [number, string]>;
export type ProblemCode = keyof typeof problems;

/** One wrong field: where (JSON pointer into the body, or a parameter's name), which rule, and the sentence for it. */
export interface FieldError {
  pointer: string;
  code: string;
  detail: string;
}

/** A refusal. Thrown anywhere in a request; the HTTP composition answers it as problem details. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: readonly FieldError[];
  readonly extra: Readonly<Record<string, unknown>>;
  /** The code's own sentence, or a more exact one. */
  readonly detail: string;

  constructor(
    code: ProblemCode,
    options: { errors?: readonly FieldError[]; extra?: Record<string, unknown>; detail?: string } = {},
  ) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.status = problems[code][0];
    this.errors = options.errors ?? [];
    this.extra = options.extra ?? {};
    this.detail = options.detail ?? problems[code][1];
  }
}
