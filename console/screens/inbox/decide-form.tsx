import { Button, Form, Input, Select } from 'antd';
import { useEffect, useEffectEvent, useRef } from 'react';
import { rejectCode, riskCode, stepId, type Verdict } from '../../../functions/contracts/cases/case.ts';
import type { Requirement } from '../../../functions/contracts/cases/review.ts';
import { caseType, type SignalId, signalIds } from '../../../functions/contracts/screening/triage.ts';
import type { Answer } from '../../api/client.ts';
import { useKeys } from '../../ui/keys.ts';
import { NumberInput } from '../../ui/number.tsx';
import { OfficialFields } from '../../ui/official-fields.tsx';
import { useWords } from '../../words/language.tsx';
import {
  approval,
  type Drafts,
  draftOf,
  earlierSteps,
  type Fields,
  type Item,
  type Mode,
  requirementsOf,
  suggested,
} from './verdict.ts';

interface Props {
  item: Item;
  together: readonly Item[];
  mode: Exclude<Mode, 'look'>;
  setMode: (mode: Mode) => void;
  busy: boolean;
  decide: (verdicts: readonly { item: Item; verdict: Verdict }[]) => Promise<void>;
  /** Undefined until it is answered. */
  asked: Answer<'readDecision'> | undefined;
  /** What was filled in here and not sent; whoever looks at another item meanwhile finds it again. */
  drafts: Drafts;
}

/** Which risk a signal points to, for the first suggestion; the reviewer chooses. */
const pointsTo: Partial<Record<SignalId, (typeof riskCode.options)[number]>> = {
  EDUCATION_UNSAFE: 'education',
  MEDICAL_UNSAFE: 'illness',
  SERIOUS_ILLNESS: 'illness',
  CHRONIC_BURDEN: 'illness',
  RIGID_SPENDING: 'illness',
  HOUSING_UNSAFE: 'housing',
  WATER_UNSAFE: 'drinking-water',
  SEVERE_DISABILITY: 'disability',
  NO_LABOUR: 'lack-of-labour',
  SOLE_EARNER: 'lack-of-labour',
  FOOD_UNSAFE: 'other',
  CLOTHING_UNSAFE: 'other',
};

/** The fields of a requirement, in the order they stand. */
const fieldsOf: Readonly<Record<Requirement, readonly (keyof Fields)[]>> = {
  authorisation: ['signedOn', 'signedBy', 'document'],
  risks: ['risks'],
  caseType: ['caseType'],
  votes: ['heldOn', 'for', 'against', 'abstaining'],
  helper: ['name', 'unit', 'account'],
  monitoringContact: ['name', 'unit', 'account'],
};

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** What a verdict must come with. Filled in with what is most often right; Ctrl+Enter sends it from any field. */
export function DecideForm({ item, together, mode, setMode, busy, decide, asked, drafts }: Props) {
  const { w, of } = useWords();
  const [form] = Form.useForm<Fields>();
  const box = useRef<HTMLDivElement>(null);
  const needs = requirementsOf(item);
  const members = asked?.registered?.members ?? [];
  const head = members.find(({ relation }) => relation === 'head')?.person;
  const found = asked?.case ?? undefined;
  const signals: readonly string[] = asked?.newest?.signals.map(({ id }) => id) ?? [];
  const seen = [...new Set(signalIds.filter((id) => signals.includes(id)).flatMap((id) => pointsTo[id] ?? []))];
  const ready = found !== undefined;
  const draft = draftOf(mode, together);

  const send = (): void => {
    if (busy) return;
    form.validateFields().then(
      (filled) => {
        void decide(
          together.map((each): { item: Item; verdict: Verdict } => {
            if (mode === 'approve') return { item: each, verdict: approval(each, filled) };
            const reason = (filled.reason ?? '').trim();
            if (mode === 'send-back')
              return { item: each, verdict: { verdict: 'send-back', to: stepId.parse(filled.to), reason } };
            return { item: each, verdict: { verdict: 'reject', code: rejectCode.parse(filled.code), reason } };
          }),
        );
      },
      () => undefined,
    );
  };
  useKeys({ 'mod+Enter': send });

  // The first thing still to be filled in is where the cursor stands; with nothing to fill in, on the button.
  const focusFirst = useEffectEvent(() => {
    const names = mode === 'approve' ? needs.flatMap((need) => fieldsOf[need]) : (['reason'] as const);
    const open = names.find((name) => isEmpty(form.getFieldValue(name)));
    if (open === undefined) box.current?.querySelector<HTMLButtonElement>('button[type=submit]')?.focus();
    else form.getFieldInstance(open)?.focus();
  });
  useEffect(() => {
    if (ready) focusFirst();
  }, [ready]);

  if (!ready) return null;
  const text = [{ required: true, whitespace: true, message: w.needed }];
  const why = [{ required: true, whitespace: true, min: 4, message: w.reasonNeeded }];
  // Several go back together only to where each of them has been.
  const steps = earlierSteps(item).filter((step) => together.every((each) => earlierSteps(each).includes(step)));
  return (
    <div ref={box} className="decide">
      <Form
        form={form}
        layout="vertical"
        size="small"
        requiredMark={false}
        initialValues={{
          ...suggested(item, found, head, seen),
          to: steps.at(-1),
          code: 'not-at-risk',
          ...drafts.get(draft),
        }}
        onValuesChange={(_, filled) => drafts.set(draft, filled)}
        onFinish={send}
      >
        <div className="decide-fields">
          {mode === 'approve' && needs.includes('authorisation') ? (
            <>
              <Form.Item name="signedOn" label={w.signedOn} rules={text}>
                <Input type="date" />
              </Form.Item>
              <Form.Item name="signedBy" label={w.signedBy} rules={text}>
                <Select options={members.map(({ person, name }) => ({ value: person, label: name }))} />
              </Form.Item>
              <Form.Item name="document" label={w.authorisationNumber} rules={text}>
                <Input maxLength={200} />
              </Form.Item>
            </>
          ) : null}
          {mode === 'approve' && needs.includes('risks') ? (
            <Form.Item name="risks" label={w.risks} rules={[{ required: true, message: w.needed }]} className="wide">
              <Select
                mode="multiple"
                defaultOpen={seen.length === 0 && found.risks.length === 0}
                options={riskCode.options.map((value) => ({ value, label: of('risk', value) }))}
              />
            </Form.Item>
          ) : null}
          {mode === 'approve' && needs.includes('caseType') ? (
            <Form.Item name="caseType" label={w.type} rules={[{ required: true, message: w.needed }]}>
              <Select options={caseType.options.map((value) => ({ value, label: of('caseType', value) }))} />
            </Form.Item>
          ) : null}
          {mode === 'approve' && needs.includes('votes') ? (
            <>
              <Form.Item name="heldOn" label={w.heldOn} rules={text}>
                <Input type="date" />
              </Form.Item>
              <Form.Item name="for" label={w.votesFor} rules={[{ required: true, message: w.needed }]}>
                <NumberInput min={0} max={5000} precision={0} suffix={w.peopleUnit} />
              </Form.Item>
              <Form.Item name="against" label={w.votesAgainst} rules={[{ required: true, message: w.needed }]}>
                <NumberInput min={0} max={5000} precision={0} suffix={w.peopleUnit} />
              </Form.Item>
              <Form.Item name="abstaining" label={w.votesAbstaining} rules={[{ required: true, message: w.needed }]}>
                <NumberInput min={0} max={5000} precision={0} suffix={w.peopleUnit} />
              </Form.Item>
            </>
          ) : null}
          {mode === 'approve' && (needs.includes('helper') || needs.includes('monitoringContact')) ? (
            <OfficialFields label={needs.includes('helper') ? w.helper : of('requirement', 'monitoringContact')} />
          ) : null}
          {mode === 'send-back' ? (
            <Form.Item name="to" label={w.sendBackTo} rules={text}>
              <Select options={steps.map((value) => ({ value, label: of('step', value) }))} />
            </Form.Item>
          ) : null}
          {mode === 'reject' ? (
            <Form.Item name="code" label={w.rejectCode} rules={text}>
              <Select options={rejectCode.options.map((value) => ({ value, label: of('reject', value) }))} />
            </Form.Item>
          ) : null}
          {mode === 'approve' ? null : (
            <Form.Item name="reason" label={w.reason} rules={why} className="wide">
              <Input.TextArea rows={2} maxLength={500} />
            </Form.Item>
          )}
        </div>
        <div className="decide-acts">
          <Button type="primary" htmlType="submit" loading={busy} danger={mode === 'reject'}>
            {mode === 'approve' ? w.confirmApprove : mode === 'send-back' ? w.confirmSendBack : w.confirmReject}{' '}
            <kbd>Ctrl+Enter</kbd>
          </Button>
          <Button onClick={() => setMode('look')}>
            {w.cancel} <kbd>Esc</kbd>
          </Button>
        </div>
      </Form>
    </div>
  );
}
