import {
  Aws,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  Duration,
  Fn,
  RemovalPolicy,
  Stack,
  type StackProps,
  Token,
  Validations,
} from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import { CONSOLE, FIELD, PUBLIC } from '../console.ts';
import { compressed, headersOf, originSecretOf } from '../front.ts';
import { issuerOf } from '../issuer.ts';
import { answerNist } from '../nist.ts';

interface ConsoleProps extends StackProps {
  /** Where the HTTP API answers, `https://…`. */
  api: string;
  /** The bucket whose presigned addresses papers are put to and looked at by. */
  documents: Bucket;
}

/**
 * The views of console and field page are not files: a path without an extension gets the one page, which routes by itself; each public page is a
 * file. This happens before the cache, because an error page of the distribution would also replace the API's own refusals.
 */
const VIEWS = `function handler(event) {
  var request = event.request;
  var uri = request.uri;
  if (uri === '/') uri = '/console';
  if (uri === '/console' || uri === '/field' || uri === '/public') {
    return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: uri + '/' } } };
  }
  if (uri.indexOf('.') !== -1) return request;
  if (uri === '/public/') request.uri = '/public/index.html';
  else if (uri.indexOf('/public/') === 0) request.uri = uri + '.html';
  else request.uri = uri.indexOf('/field/') === 0 ? '/field/index.html' : '/console/index.html';
  return request;
}`;

/** The API counts callers of its public routes; the gateway sees only the distribution's address. What a client sends by this name is written over. */
const VIEWER = `function handler(event) {
  event.request.headers['x-viewer-address'] = { value: event.viewer.ip };
  return event.request;
}`;

/** Every status for which CloudFront takes a time of its own; others it does not keep. */
const KEPT_BY_CLOUDFRONT = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** CDK's class leaves open what its own interface wants said. */
function isNoWebsite(bucket: Bucket): bucket is Bucket & IBucket {
  return bucket.isWebsite !== true;
}

const COPIER = [
  'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
  'AwsSolutions-IAM5[Action::s3:Abort*]',
  'AwsSolutions-IAM5[Action::s3:DeleteObject*]',
  'AwsSolutions-IAM5[Action::s3:GetBucket*]',
  'AwsSolutions-IAM5[Action::s3:GetObject*]',
  'AwsSolutions-IAM5[Action::s3:List*]',
  'AwsSolutions-IAM5[Resource::*]',
  'AwsSolutions-IAM5[Resource::<Files8E6940B8.Arn>/*]',
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]',
  'AwsSolutions-L1',
  'NIST.800.53.R5-IAMNoInlinePolicy',
  'NIST.800.53.R5-LambdaConcurrency',
  'NIST.800.53.R5-LambdaDLQ',
  'NIST.800.53.R5-LambdaInsideVPC',
  'Serverless-LambdaDLQ',
  'Serverless-LambdaLatestVersion',
  'Serverless-LambdaTracing',
] as const;

/** The web console, the field page and the public pages: a private bucket behind a distribution that also leads to the API, so that a browser knows one origin. */
export class ConsoleStack extends Stack {
  constructor(scope: Construct, id: string, props: ConsoleProps) {
    super(scope, id, props);
    const { url: issuer, audience } = issuerOf(this);
    const clientId = new CfnParameter(this, 'ClientId', {
      description: 'Client of the OIDC issuer that the console signs in as: public, authorization code with PKCE',
      default: 'shouwang-console',
    }).valueAsString;
    const otherOrigins = new CfnParameter(this, 'SignInOrigins', {
      description:
        'Origins beside the issuer itself that signing in calls, separated by spaces: where the token endpoint is, if elsewhere',
      default: '',
      allowedPattern: '^(https?://[^ ;]+( https?://[^ ;]+)*)?$',
    }).valueAsString;

    const signInScope = new CfnParameter(this, 'SignInScope', {
      description:
        'What signing in asks the issuer for; openid alone where the issuer refuses offline_access, as Cognito does, and gives refresh tokens without',
      default: 'openid offline_access',
      allowedPattern: '^openid( [A-Za-z0-9_.:/-]+)*$',
    }).valueAsString;
    const boundaries = new CfnParameter(this, 'Boundaries', {
      description:
        'Where a GeoJSON of the divisions lies, from the console’s address (such as map/440904.geojson); empty: a map of tiles. The file is put into the bucket beside the console',
      default: '',
      allowedPattern: '^([A-Za-z0-9_./-]+\\.(geo)?json)?$',
    }).valueAsString;

    const made = new Bucket(this, 'Files', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      // The map of the divisions is put beside them by hand.
      versioned: true,
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(30) }],
      // Everything in it is made from the repository.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    if (!isNoWebsite(made)) throw new Error('The bucket of the console is private.');
    const bucket = made;
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only the distribution reads it, and only files that are the same for everybody.',
    });
    answerNist(bucket, ['S3BucketLoggingEnabled']);
    answerNist(
      bucket,
      ['S3BucketReplicationEnabled', 'S3DefaultEncryptionKMS'],
      'Pages that are the same for everybody and are made from the repository: nothing to hide, nothing to lose.',
    );

    const issuerOrigin = Fn.join('', [Fn.select(0, Fn.split('//', issuer)), '//', Fn.select(2, Fn.split('/', issuer))]);
    const papers = `https://${props.documents.bucketRegionalDomainName}`;
    const headers = headersOf(this, 'Headers', 'Shouwang: the pages', [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self' data:",
      `img-src 'self' data: blob: ${papers}`,
      Fn.join(' ', ["connect-src 'self'", issuerOrigin, papers, otherOrigins]),
      "manifest-src 'self'",
      "worker-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ]);
    const apiHeaders = headersOf(
      this,
      'ApiHeaders',
      'Shouwang: the API, which has a policy of its own for the one page it writes',
      ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
      false,
    );
    const views = new EdgeFunction(this, 'Views', {
      comment: 'Shouwang: a view is answered with the page it belongs to',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(VIEWS),
    });
    const viewer = new EdgeFunction(this, 'Viewer', {
      comment: 'Shouwang: tells the API who called',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(VIEWER),
    });
    const secret = originSecretOf(this);
    const hasSecret = new CfnCondition(this, 'HasOriginSecret', {
      expression: Fn.conditionNot(Fn.conditionEquals(secret, '')),
    });
    const webAcl = new CfnParameter(this, 'WebAcl', {
      description: 'ARN of a web ACL for CloudFront (docs/deploy/), where the partition has one; empty: none',
      default: '',
      allowedPattern: '^(arn:.+)?$',
    }).valueAsString;
    const hasAcl = new CfnCondition(this, 'HasWebAcl', { expression: Fn.conditionNot(Fn.conditionEquals(webAcl, '')) });
    const origin = S3BucketOrigin.withOriginAccessControl(bucket);
    const pagesBehavior = {
      origin,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      compress: true,
      functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: views }],
    };
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Shouwang: the console and the API under one origin',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      webAclId: Token.asString(Fn.conditionIf(hasAcl.logicalId, webAcl, Aws.NO_VALUE)),
      defaultBehavior: { ...pagesBehavior, responseHeadersPolicy: headers },
      // Whatever the API says, CloudFront would keep a refusal or failure for ten seconds, and answer by it who asks again.
      errorResponses: KEPT_BY_CLOUDFRONT.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      additionalBehaviors: {
        '/field*': { ...pagesBehavior, responseHeadersPolicy: headers },
        '/public*': { ...pagesBehavior, responseHeadersPolicy: headers },
        '/v1/*': {
          origin: new HttpOrigin(Fn.select(2, Fn.split('/', props.api)), {
            // A header of a client's own by this name never arrives.
            customHeaders: {
              'x-origin-secret': Token.asString(
                Fn.conditionIf(hasSecret.logicalId, Fn.select(0, Fn.split(',', secret)), 'none'),
              ),
            },
          }),
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: compressed(this),
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
          responseHeadersPolicy: apiHeaders,
          compress: true,
          functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: viewer }],
        },
      },
    });
    Validations.of(distribution).acknowledge(
      {
        id: 'AwsSolutions-CFR1',
        reason: 'Officials travel; who may see what is decided by the token, not by where somebody is.',
      },
      {
        id: 'AwsSolutions-CFR2',
        reason:
          'It takes one as a parameter: a web ACL for CloudFront lives in one region (infra/stacks/guard-stack.ts), and the China regions have none.',
      },
      {
        id: 'AwsSolutions-CFR3',
        reason: 'The API logs who asked what; who loaded the same scripts as everybody is nobody’s concern.',
      },
      {
        id: 'AwsSolutions-CFR4',
        reason:
          'Under the distribution’s own name the viewer’s protocol cannot be set; a name of the district brings its certificate and TLS 1.2.',
      },
    );

    const files = { destinationBucket: bucket, memoryLimit: 512, prune: false };
    const config = Source.jsonData('config.json', {
      issuer,
      clientId,
      audience,
      scope: signInScope,
      boundaries,
    });
    const pages = [
      { id: '', prefix: 'console', folder: CONSOLE, more: [config] },
      { id: 'Field', prefix: 'field', folder: FIELD, more: [config] },
      { id: 'Public', prefix: 'public', folder: PUBLIC, more: [] },
    ];
    for (const { id, prefix, folder, more } of pages) {
      // File names hold a hash: cached for a year, and never deleted while a page may still use them.
      const named = new BucketDeployment(this, `${id}NamedFiles`, {
        ...files,
        destinationKeyPrefix: `${prefix}/assets`,
        sources: [Source.asset(`${folder}/assets`)],
        cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()],
      });
      // The page itself, and the field page's service worker, are asked for anew each time: an update is found at once.
      const page = new BucketDeployment(this, `${id}Page`, {
        ...files,
        destinationKeyPrefix: prefix,
        sources: [Source.asset(folder, { exclude: ['assets', 'assets/**'] }), ...more],
        cacheControl: [CacheControl.noCache()],
        distribution,
        distributionPaths: [`/${prefix}/*`],
      });
      page.node.addDependency(named);
    }
    // CDK's own function that copies the files; its code, runtime and policy are CDK's to choose.
    const reason =
      'The function of CDK that copies files at deployment: it runs then only, with the policy CDK gives it.';
    for (const provider of this.node.children.filter(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'))) {
      Validations.of(provider).acknowledge(...COPIER.map((id) => ({ id, reason })));
    }
    new CfnOutput(this, 'Field', { value: `https://${distribution.distributionDomainName}/field/` });
    new CfnOutput(this, 'Public', { value: `https://${distribution.distributionDomainName}/public/` });
    new CfnOutput(this, 'Console', { value: `https://${distribution.distributionDomainName}/console/` });
  }
}
