import { useQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
import { addDays } from '../../../functions/domain/calendar.ts';
import { type Answer, type Input as RouteInput, read } from '../../api/client.ts';
import { minute } from '../../ui/format.ts';
import { Answered } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';
import type { View } from './step.ts';

/** What a payee is recorded by. `payTo` is a member of the household, or the guardian whose paper lies with the claim. */
export interface PayeeFields {
  payTo?: string;
  name?: string;
  authority?: string;
  bank?: string;
  account?: string;
}
type Members = Answer<'readHousehold'>['members'];

const GUARDIAN = 'guardian';

/** A member is paid under the name on the register, which nobody types; a guardian stands for the insured. */
export function payeeOf(fields: PayeeFields, insured: string, members: Members): RouteInput<'recordPayee'>['body'] {
  const { payTo = '', name = '', authority, bank = '', account = '' } = fields;
  if (payTo === GUARDIAN)
    return {
      kind: 'guardian',
      person: insured,
      name,
      bank,
      account,
      ...(authority === undefined ? {} : { authority }),
    };
  return {
    kind: 'member',
    person: payTo,
    name: members.find(({ person }) => person === payTo)?.name ?? '',
    bank,
    account,
  };
}

/** Whom a claim can be paid to lives there today: of somebody who died, another of the household. */
export function useMembers(household: string, enabled: boolean) {
  return useQuery({ ...read('readHousehold', { params: { id: household } }), enabled });
}

/** Beside them the insured person who lived there on the eve of the event and has left since: the money is theirs wherever they live. */
export function useLeft({ household: id, person, eventOn, line }: View, members: Members | undefined): Members {
  const isAway = line !== 'accidental-death' && members !== undefined && !members.some((one) => one.person === person);
  const then = useQuery({
    ...read('readHousehold', { params: { id }, query: { asOf: addDays(eventOn, -1) } }),
    enabled: isAway,
    retry: false,
  });
  return isAway ? (then.data?.members ?? []).filter((one) => one.person === person) : [];
}

/** To whom the money goes: one of the household, the insured person who left it, or a guardian by their paper. */
export function PayeeInputs({
  answer,
  household,
  left,
}: {
  answer: View;
  household: ReturnType<typeof useMembers>;
  left: Members;
}) {
  const { w } = useWords();
  const payTo = Form.useWatch('payTo');
  const needed = [{ required: true, message: w.needed }];
  const papers = answer.documents.filter(({ kind }) => kind === 'relationship-proof');
  return (
    <Answered to={household}>
      {({ members }) => (
        <>
          <Form.Item
            name="payTo"
            label={w.payTo}
            rules={needed}
            initialValue={members.find(({ person }) => person === answer.person)?.person}
          >
            <Select
              options={[
                ...[...members, ...left].map(({ person, name }) => ({ value: person, label: name })),
                { value: GUARDIAN, label: w.guardian },
              ]}
            />
          </Form.Item>
          {payTo === GUARDIAN ? (
            <>
              <Form.Item
                name="name"
                label={w.accountHolder}
                rules={[{ required: true, whitespace: true, message: w.needed }]}
              >
                <Input maxLength={40} autoComplete="off" />
              </Form.Item>
              <Form.Item
                name="authority"
                label={w.guardianPaper}
                rules={needed}
                extra={papers.length === 0 ? w.guardianPaperFirst : undefined}
              >
                <Select
                  disabled={papers.length === 0}
                  options={papers.map(({ id, receivedAt, by }) => ({
                    value: id,
                    label: `${minute(receivedAt)} ${by}`,
                  }))}
                />
              </Form.Item>
            </>
          ) : null}
          <Form.Item
            name="bank"
            label={w.bank}
            rules={[{ required: true, whitespace: true, min: 2, message: w.needed }]}
          >
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item
            name="account"
            label={w.accountNumber}
            normalize={(typed: string) => typed.normalize('NFKC')}
            rules={[{ required: true, pattern: /^(\s*\d){10,32}\s*$/, message: w.accountDigits }]}
          >
            <Input maxLength={48} autoComplete="off" inputMode="numeric" />
          </Form.Item>
        </>
      )}
    </Answered>
  );
}
