/**
 * The mutants of a file: each is its text with one small thing said otherwise. What only types say is left
 * alone, and so are texts with a space in them, which are sentences to people.
 */
import * as is from 'typescript/unstable/ast/is'
import { SyntaxKind, type Node, type SourceFile } from 'typescript/unstable/ast'
import { API } from 'typescript/unstable/sync'

/** In `file`, `text` in place of what stands from `start` to `end`. */
export type Mutant = Readonly<{
  file: string
  line: number
  start: number
  end: number
  was: string
  text: string
}>
type Change = readonly [place: Node, text: string]

/** What an operator becomes. */
const others: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&': ['|'],
  '|': ['&'],
  '+=': ['-='],
  '-=': ['+='],
  '??=': ['='],
}
const methods: ReadonlyMap<string, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['min', 'max'],
  ['max', 'min'],
])

/** All mutants of these files of the project at `root`, by place. */
export function mutantsOf(root: string, files: readonly string[]): Mutant[] {
  const api = new API({ cwd: root })
  try {
    const config = `${root}/tsconfig.json`
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects()
    return files.flatMap(file => {
      const source = project?.program.getSourceFile(`${root}/${file}`)
      if (!source) throw new Error(`${file} is no file of ${config}`)
      return inFile(file, source)
    })
  } finally {
    api.close()
  }
}

function inFile(file: string, source: SourceFile): Mutant[] {
  const found = new Map<string, Mutant>()
  const visit = (node: Node): void => {
    if (onlyTypes(node)) return
    for (const [place, text] of changes(node, source)) {
      const { end } = place
      const start = place.getStart(source)
      const was = source.text.slice(start, end)
      if (was === text) continue
      const line = source.text.slice(0, start).split('\n').length
      found.set(`${start} ${end} ${text}`, { file, line, start, end, was, text })
    }
    node.forEachChild(visit)
  }
  visit(source)
  return [...found.values()].toSorted((a, b) => a.start - b.start || a.end - b.end)
}

const onlyTypes = (node: Node): boolean =>
  is.isTypeNode(node) ||
  is.isInterfaceDeclaration(node) ||
  is.isTypeAliasDeclaration(node) ||
  is.isTypeParameterDeclaration(node) ||
  is.isImportDeclaration(node) ||
  is.isExportDeclaration(node)

function changes(node: Node, source: SourceFile): Change[] {
  return [
    ...literals(node, source),
    ...operators(node, source),
    ...conditions(node),
    ...bodies(node),
  ]
}

function literals(node: Node, source: SourceFile): Change[] {
  if (is.isNumericLiteral(node) || is.isBigIntLiteral(node))
    return [[node, `(${node.getText(source)} + ${is.isBigIntLiteral(node) ? '1n' : '1'})`]]
  if (is.isStringLiteral(node) && !node.text.includes(' ') && !isName(node))
    return [[node, node.text === '' ? "'mutant'" : "''"]]
  if (node.kind === SyntaxKind.TrueKeyword) return [[node, 'false']]
  if (node.kind === SyntaxKind.FalseKeyword) return [[node, 'true']]
  if (is.isArrayLiteralExpression(node) && node.elements.length > 0) return [[node, '[]']]
  return []
}

/** A name of a property: without it the text would say nothing at all. */
const isName = (node: Node): boolean =>
  is.isPropertyAssignment(node.parent) && node.parent.name === node

function operators(node: Node, source: SourceFile): Change[] {
  if (is.isBinaryExpression(node)) {
    const operator = node.operatorToken
    return (others[operator.getText(source)] ?? []).map(other => [operator, other])
  }
  if (is.isPrefixUnaryExpression(node)) {
    const { operator, operand } = node
    if (operator === SyntaxKind.ExclamationToken || operator === SyntaxKind.MinusToken)
      return [[node, operand.getText(source)]]
    return [
      [node, `${operator === SyntaxKind.PlusPlusToken ? '--' : '++'}${operand.getText(source)}`],
    ]
  }
  if (is.isPostfixUnaryExpression(node)) {
    const { operator, operand } = node
    return [
      [node, `${operand.getText(source)}${operator === SyntaxKind.PlusPlusToken ? '--' : '++'}`],
    ]
  }
  if (is.isPropertyAccessExpression(node)) {
    const method = methods.get(node.name.text)
    return [
      ...(node.questionDotToken ? [[node.questionDotToken, '.'] as const] : []),
      ...(method && is.isCallExpression(node.parent) ? [[node.name, method] as const] : []),
    ]
  }
  return []
}

function conditions(node: Node): Change[] {
  if (is.isIfStatement(node)) return both(node.expression)
  if (is.isConditionalExpression(node)) return both(node.condition)
  if (is.isWhileStatement(node)) return [[node.expression, 'false']]
  if (is.isForStatement(node) && node.condition) return [[node.condition, 'false']]
  return []
}

const both = (condition: Node): Change[] => [
  [condition, 'true'],
  [condition, 'false'],
]

/** Functions that do nothing, and statements that are not there. */
function bodies(node: Node): Change[] {
  if (is.isExpressionStatement(node)) return [[node, ';']]
  if (is.isArrowFunction(node) && !is.isBlock(node.body)) return [[node.body, 'undefined']]
  if (is.isBlock(node) && node.statements.length > 0 && isBody(node.parent)) return [[node, '{}']]
  return []
}

const isBody = (of: Node): boolean =>
  is.isFunctionDeclaration(of) ||
  is.isMethodDeclaration(of) ||
  is.isArrowFunction(of) ||
  is.isConstructorDeclaration(of)
