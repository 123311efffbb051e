// Counts which ways a run takes through the sources. TypeScript's own transformer puts a counter at the beginning of each
// function, branch, operand, case and loop before esbuild bundles them. Coverage by V8's inspector costs milliseconds a
// run; these counters cost almost nothing, and need no addon that a machine's C library may be too old for.
import { readFileSync } from "node:fs";
import ts from "typescript";

const { factory } = ts;
/** How many counters there can be; the sources of all targets together need a tenth. */
const most = 65_536;
const counters = "__ocisignHits";

/** What a run of the sources leaves behind. */
export class Counters {
  /** How often each place was passed. */
  hits = new Uint32Array(most);
  /** How many places there are. */
  count = 0;
  /** The texts that the sources compare with, as words for inputs. @type {Set<string>} */
  words = new Set();

  /** What instruments the sources as they are bundled. @returns {import("esbuild").Plugin} */
  get plugin() {
    Object.assign(globalThis, { [counters]: this.hits });
    return {
      name: "counters",
      setup: (build) => {
        build.onLoad({ filter: /[/\\]pkg[/\\]src[/\\].*\.ts$/ }, ({ path }) => ({
          contents: this.instrument(path, readFileSync(path, "utf8")),
          loader: "ts",
        }));
      },
    };
  }

  /** @param {string} path @param {string} text */
  instrument(path, text) {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const { transformed } = ts.transform(source, [this.#counting]);
    const [counted = source] = transformed;
    return `const __hits = globalThis.${counters};\n${ts.createPrinter().printFile(counted)}`;
  }

  /** @type {ts.TransformerFactory<ts.SourceFile>} */
  #counting = (context) => (source) => {
    /** @param {ts.Node} node @returns {ts.Node} */
    const visit = (node) => {
      if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) this.#note(node);
      return this.#counted(ts.visitEachChild(node, visit, context));
    };
    return ts.visitEachChild(source, visit, context);
  };

  /** @param {ts.StringLiteral | ts.NoSubstitutionTemplateLiteral} node */
  #note({ text, parent }) {
    const isName = ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent);
    // What has several blanks is a message.
    if (!isName && text.length > 1 && text.length <= 80 && text.split(" ").length <= 4) this.words.add(text);
  }

  /** @param {ts.Node} node */
  #counted(node) {
    if (ts.isIfStatement(node)) {
      const otherwise = this.#block(node.elseStatement ?? factory.createBlock([]));
      return factory.updateIfStatement(node, node.expression, this.#block(node.thenStatement), otherwise);
    }
    if (ts.isConditionalExpression(node)) {
      const [yes, no] = [this.#operand(node.whenTrue), this.#operand(node.whenFalse)];
      return factory.updateConditionalExpression(
        node,
        ...[node.condition, node.questionToken, yes, node.colonToken, no],
      );
    }
    if (ts.isBinaryExpression(node) && decides(node.operatorToken.kind)) {
      return factory.updateBinaryExpression(node, node.left, node.operatorToken, this.#operand(node.right));
    }
    if (ts.isCaseClause(node)) {
      return factory.updateCaseClause(node, node.expression, [this.#hit(), ...node.statements]);
    }
    if (ts.isDefaultClause(node)) return factory.updateDefaultClause(node, [this.#hit(), ...node.statements]);
    if (ts.isCatchClause(node)) {
      return factory.updateCatchClause(node, node.variableDeclaration, this.#block(node.block));
    }
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
      const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken: arrow } = node;
      const body = this.#operand(node.body);
      return factory.updateArrowFunction(node, modifiers, typeParameters, parameters, type, arrow, body);
    }
    return ts.isBlock(node) && isBody(ts.getOriginalNode(node)) ? this.#block(node) : node;
  }

  /** @param {ts.Statement | ts.Block} statement */
  #block(statement) {
    const statements = ts.isBlock(statement) ? statement.statements : [statement];
    return factory.createBlock([this.#hit(), ...statements], true);
  }

  /** @param {ts.Expression} value */
  #operand(value) {
    const hit = /** @type {ts.ExpressionStatement} */ (this.#hit()).expression;
    const isSequence = ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.CommaToken;
    const own = isSequence ? factory.createParenthesizedExpression(value) : value;
    return factory.createParenthesizedExpression(factory.createComma(hit, own));
  }

  #hit() {
    if (this.count === most) throw new Error(`the sources have more than ${most} places`);
    const place = factory.createElementAccessExpression(factory.createIdentifier("__hits"), this.count++);
    return factory.createExpressionStatement(factory.createPostfixIncrement(place));
  }
}

/** @param {ts.SyntaxKind} kind */
function decides(kind) {
  const { AmpersandAmpersandToken: and, BarBarToken: or, QuestionQuestionToken: coalesce } = ts.SyntaxKind;
  return kind === and || kind === or || kind === coalesce;
}

/** Of a function or a loop. @param {ts.Node} block */
function isBody({ parent }) {
  return ts.isFunctionLike(parent) || ts.isIterationStatement(parent, false);
}
