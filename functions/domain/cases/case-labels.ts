import type { MeasureKind, MeasureStatus } from '../../contracts/assistance/measure.ts';
import type { CaseStage, ClueSource, RejectCode, RiskCode, StepId } from '../../contracts/cases/case.ts';
import type { Requirement, Tier } from '../../contracts/cases/review.ts';
import type { CaseType } from '../../contracts/screening/triage.ts';

// The official Chinese words for codes (docs/glossary.md). Only codes are stored; words are added when something is read.

export const caseTypeNames: Record<CaseType, string> = {
  'unstable-lifted': '脱贫不稳定户',
  marginal: '边缘易致贫户',
  'sudden-hardship': '突发严重困难户',
};

export const riskNames: Record<RiskCode, string> = {
  illness: '因病',
  disaster: '因灾',
  disability: '因残',
  'lack-of-labour': '缺劳动力',
  accident: '因意外事故',
  'industry-failure': '因产业项目失败',
  'unstable-employment': '因务工就业不稳',
  education: '因学',
  'drinking-water': '因饮水安全',
  housing: '因住房安全',
  other: '其他',
};

export const measureNames: Record<MeasureKind, string> = {
  industry: '产业帮扶',
  employment: '就业帮扶',
  'public-welfare-post': '公益性岗位',
  'skills-training': '技能培训',
  'start-up': '创业帮扶',
  finance: '金融帮扶',
  housing: '住房安全保障',
  'drinking-water': '饮水安全保障',
  health: '健康帮扶',
  'compulsory-education': '义务教育保障',
  'other-education': '其他教育帮扶',
  'minimum-living-allowance': '最低生活保障',
  'social-assistance': '社会救助',
  infrastructure: '基础设施建设',
};

export const measureStatusNames: Record<MeasureStatus, string> = {
  planned: '已计划',
  'under-way': '实施中',
  completed: '已完成',
  abandoned: '已放弃',
};

export const stageNames: Record<CaseStage, string> = {
  admission: '纳入审核中',
  rejected: '未纳入',
  open: '监测帮扶中',
  closing: '风险消除审核中',
  closed: '风险已消除',
};

export const clueSourceNames: Record<ClueSource, string> = {
  screening: '季度排查',
  declaration: '农户自主申报',
  alert: '部门筛查预警',
  claim: '防返贫保险报案',
  officer: '干部走访发现',
};

export const stepNames: Record<StepId, string> = {
  'home-verification': '入户核实',
  'data-comparison': '数据比对',
  'village-appraisal': '村级评议',
  'public-notice': '村级公示',
  'town-review': '乡镇审核',
  'district-approval': '区级审批',
};

export const tierNames: Record<Tier, string> = { village: '村', town: '镇', district: '区' };

export const rejectNames: Record<RejectCode, string> = {
  'not-at-risk': '经核实不存在返贫致贫风险',
  'above-standard': '经比对家庭经济状况高于标准',
  'information-false': '申报内容不实',
  'authorisation-refused': '农户未签署承诺授权书',
  'vote-not-carried': '村级评议未通过',
  'objection-upheld': '公示异议成立',
  'risk-remains': '风险尚未稳定消除',
  'household-cancelled': '该户已注销',
  other: '其他原因',
};

export const requirementNames: Record<Requirement, string> = {
  authorisation: '承诺授权书',
  risks: '返贫致贫风险类型',
  caseType: '监测对象类别',
  votes: '评议表决结果',
  helper: '帮扶责任人',
  monitoringContact: '后续监测联系人',
};
