import * as z from 'zod';
import { absent, arn, inert, kind } from './kind.ts';

export const eventBus = kind({
  type: 'AWS::Events::EventBus',
  nameProperty: 'Name',
  longestName: 256,
  properties: z.strictObject({
    Name: z.string(),
    Description: inert('words'),
    KmsKeyIdentifier: inert('events are remembered in memory only'),
    DeadLetterConfig: inert('there are no targets that could refuse'),
    Policy: absent,
    EventSourceName: absent,
    LogConfig: inert('it only observes'),
    Tags: inert('tags are for bills and owners'),
  }),
  ref: ({ name }) => name,
  attributes: ({ environment, name }) => ({ Arn: arn(environment, 'events', `event-bus/${name}`), Name: name }),
});
