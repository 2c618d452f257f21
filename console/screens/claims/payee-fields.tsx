import { useQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
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
type Payable = Answer<'listPayees'>['items'];

const GUARDIAN = 'guardian';

/** A member is paid under the name on the register, which nobody types; a guardian stands for the insured. */
export function payeeOf(fields: PayeeFields, insured: string, payable: Payable): RouteInput<'recordPayee'>['body'] {
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
    name: payable.find(({ person }) => person === payTo)?.name ?? '',
    bank,
    account,
  };
}

/** Whom the claim can be paid to; of an accident somebody died of, not them, though the register does not know it yet. */
export function usePayees({ id, line, person }: View, enabled: boolean) {
  return useQuery({
    ...read('listPayees', { params: { id } }),
    enabled,
    select: ({ items }) => items.filter((one) => line !== 'accidental-death' || one.person !== person),
  });
}

/** To whom the money goes: one of the household, the insured person who left it, or a guardian by their paper. */
export function PayeeInputs({ answer, payees }: { answer: View; payees: ReturnType<typeof usePayees> }) {
  const { w } = useWords();
  const payTo = Form.useWatch('payTo');
  const needed = [{ required: true, message: w.needed }];
  const papers = answer.documents.filter(({ kind }) => kind === 'relationship-proof');
  return (
    <Answered to={payees}>
      {(payable) => (
        <>
          <Form.Item
            name="payTo"
            label={w.payTo}
            rules={needed}
            initialValue={payable.find(({ person }) => person === answer.person)?.person}
          >
            <Select
              options={[
                ...payable.map(({ person, name }) => ({ value: person, label: name })),
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
