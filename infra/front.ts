import { CfnParameter, Duration, Fn } from 'aws-cdk-lib';
import {
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';

/**
 * What the distribution adds to every request it hands to the API, and the API asks for: each stack that needs it asks for itself, since an export between
 * stacks could be read by anybody who may look at them. Two, separated by a comma, while it is being changed: the distribution adds the first, the API takes both.
 */
export function originSecretOf(scope: Construct): string {
  return new CfnParameter(scope, 'OriginSecret', {
    description:
      'At least 20 letters and digits that only distribution and API know: the API then takes only what comes through the distribution. Empty: it takes all',
    noEcho: true,
    default: '',
    allowedPattern: '^([A-Za-z0-9]{20,64}(,[A-Za-z0-9]{20,64})?)?$',
  }).valueAsString;
}

/** Security headers of every answer. @param content the content security policy @param own whether it replaces one that the origin sent */
export function headersOf(
  scope: Construct,
  id: string,
  comment: string,
  content: readonly string[],
  own = true,
): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, id, {
    comment,
    securityHeadersBehavior: {
      contentSecurityPolicy: { override: own, contentSecurityPolicy: Fn.join('; ', [...content]) },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override: true },
    },
    customHeadersBehavior: {
      customHeaders: [
        // A phone is asked for its place by no page of ours; the camera photographs papers of claims.
        { header: 'permissions-policy', value: 'geolocation=(), microphone=(), payment=(), usb=()', override: true },
        { header: 'cross-origin-opener-policy', value: 'same-origin', override: true },
      ],
    },
  });
}

/**
 * Compresses what the API answers. CloudFront does so only for what its cache might keep: for a second at the most, apart for each token, and nothing
 * at all of an answer that says `no-store` or `private`, as every one of this API does. Errors it keeps all the same, for a time that the distribution sets to none.
 */
export function compressed(scope: Construct): CachePolicy {
  return new CachePolicy(scope, 'Compressed', {
    comment: 'Shouwang: answers of the API are compressed and not kept',
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.seconds(0),
    maxTtl: Duration.seconds(1),
    headerBehavior: CacheHeaderBehavior.allowList('Authorization'),
    queryStringBehavior: CacheQueryStringBehavior.all(),
    cookieBehavior: CacheCookieBehavior.none(),
    enableAcceptEncodingGzip: true,
    enableAcceptEncodingBrotli: true,
  });
}
