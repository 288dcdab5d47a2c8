//! A Pratt parser for rules.

use super::lexer::{Token, tokens};
use super::{Comparison, Expression, Function, Joint, Operator, Rule, Tolerance};

/// Brackets deeper than this are a mistake.
const MOST_DEPTH: usize = 24;

/// Words that are no item codes.
const KEYWORDS: [&str; 9] = ["if", "then", "else", "explain", "required", "within", "and", "or", "not"];

/// Parse a rule. `between` gives the item codes from one to another, for `201..204`.
pub fn parse(rule: &str, between: &dyn Fn(&str, &str) -> Option<Vec<String>>) -> Result<Rule, String> {
    let mut parser = Parser { tokens: tokens(rule)?, at: 0, depth: 0, between };
    let condition = if parser.keyword("if") {
        let condition = parser.expression(0)?;
        parser.expect_keyword("then")?;
        Some(condition)
    } else {
        None
    };
    let demand = parser.expression(0)?;
    let explain = parser.keyword("else");
    if explain {
        parser.expect_keyword("explain")?;
    }
    match parser.peek() {
        None => Ok(Rule { condition, demand, explain }),
        Some(token) => Err(format!("规则在 {} 处应已结束", shown(Some(token)))),
    }
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    between: &'a dyn Fn(&str, &str) -> Option<Vec<String>>,
}

/// What stands between two expressions, and how tightly it binds.
enum Infix {
    Join(Joint),
    Compare(Comparison),
    Arithmetic(Operator),
}

impl Infix {
    fn power(&self) -> u8 {
        match self {
            Infix::Join(Joint::Or) => 1,
            Infix::Join(Joint::And) => 3,
            Infix::Compare(_) => 7,
            Infix::Arithmetic(Operator::Add | Operator::Subtract) => 9,
            Infix::Arithmetic(Operator::Multiply | Operator::Divide) => 11,
        }
    }
}

impl Parser<'_> {
    fn expression(&mut self, least: u8) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err("规则嵌套过深".to_owned());
        }
        let mut left = self.prefix()?;
        while let Some(infix) = self.infix().filter(|infix| infix.power() >= least) {
            self.at += 1;
            let right = self.expression(infix.power() + 1)?;
            left = self.joined(infix, left, right)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Expression, String> {
        let token = self.next();
        match token {
            Some(Token::Number(number) | Token::Percent(number)) => Ok(Expression::Number(number)),
            Some(Token::Text(text)) => Ok(Expression::Text(text)),
            Some(Token::Sign("-")) => Ok(Expression::Minus(Box::new(self.expression(13)?))),
            Some(Token::Sign("(")) => {
                let inner = self.expression(0)?;
                self.expect_sign(")")?;
                Ok(inner)
            }
            Some(Token::Word(word)) if word == "not" => Ok(Expression::Not(Box::new(self.expression(5)?))),
            Some(Token::Word(word)) if !KEYWORDS.contains(&word.as_str()) => self.item_or_call(word),
            other => Err(format!("{} 处应是指标代码、数字或括号", shown(other.as_ref()))),
        }
    }

    fn item_or_call(&mut self, word: String) -> Result<Expression, String> {
        if self.peek() == Some(&Token::Sign("(")) {
            return self.call(&word);
        }
        if self.keyword("required") {
            return Ok(Expression::Filled(word));
        }
        Ok(Expression::Item(word))
    }

    fn call(&mut self, name: &str) -> Result<Expression, String> {
        let function = function(name).ok_or_else(|| format!("没有函数“{name}”"))?;
        self.expect_sign("(")?;
        let mut codes = vec![self.code()?];
        if self.sign("..") {
            let last = self.code()?;
            let range = (self.between)(&codes[0], &last);
            codes = range.ok_or_else(|| format!("“{}..{last}”不是一段指标代码", codes[0]))?;
        }
        while self.sign(",") {
            codes.push(self.code()?);
        }
        self.expect_sign(")")?;
        let fits = match function {
            Function::Sum | Function::Max | Function::Min => true,
            Function::Count | Function::Change => codes.len() == 1,
            Function::Percent => codes.len() == 2,
        };
        if !fits {
            return Err(format!("函数“{name}”的指标个数不对"));
        }
        Ok(Expression::Call(function, codes))
    }

    fn joined(&mut self, infix: Infix, left: Expression, right: Expression) -> Result<Expression, String> {
        let (left, right) = (Box::new(left), Box::new(right));
        Ok(match infix {
            Infix::Join(joint) => Expression::Join(joint, left, right),
            Infix::Arithmetic(operator) => Expression::Arithmetic(operator, left, right),
            Infix::Compare(comparison) => {
                if matches!(*left, Expression::Compare(..)) {
                    return Err("比较不能连写，请用 and 分开".to_owned());
                }
                Expression::Compare(comparison, left, right, self.tolerance()?)
            }
        })
    }

    fn tolerance(&mut self) -> Result<Option<Tolerance>, String> {
        if !self.keyword("within") {
            return Ok(None);
        }
        match self.next() {
            Some(Token::Percent(percent)) => Ok(Some(Tolerance::Percent(percent))),
            Some(Token::Number(number)) => Ok(Some(Tolerance::Absolute(number))),
            other => Err(format!("within 之后应是数字或百分比，而不是 {}", shown(other.as_ref()))),
        }
    }

    fn infix(&self) -> Option<Infix> {
        Some(match self.peek()? {
            Token::Word(word) if word == "and" => Infix::Join(Joint::And),
            Token::Word(word) if word == "or" => Infix::Join(Joint::Or),
            Token::Sign("==") => Infix::Compare(Comparison::Equal),
            Token::Sign("!=") => Infix::Compare(Comparison::Unequal),
            Token::Sign("<") => Infix::Compare(Comparison::Less),
            Token::Sign("<=") => Infix::Compare(Comparison::AtMost),
            Token::Sign(">") => Infix::Compare(Comparison::Greater),
            Token::Sign(">=") => Infix::Compare(Comparison::AtLeast),
            Token::Sign("+") => Infix::Arithmetic(Operator::Add),
            Token::Sign("-") => Infix::Arithmetic(Operator::Subtract),
            Token::Sign("*") => Infix::Arithmetic(Operator::Multiply),
            Token::Sign("/") => Infix::Arithmetic(Operator::Divide),
            _ => return None,
        })
    }

    fn code(&mut self) -> Result<String, String> {
        match self.next() {
            Some(Token::Word(word)) if !KEYWORDS.contains(&word.as_str()) => Ok(word),
            other => Err(format!("{} 处应是指标代码", shown(other.as_ref()))),
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn sign(&mut self, sign: &'static str) -> bool {
        let found = self.peek() == Some(&Token::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn keyword(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(next)) if next == word);
        self.at += usize::from(found);
        found
    }

    fn expect_sign(&mut self, sign: &'static str) -> Result<(), String> {
        if self.sign(sign) {
            return Ok(());
        }
        Err(format!("{} 处应是“{sign}”", shown(self.peek())))
    }

    fn expect_keyword(&mut self, word: &str) -> Result<(), String> {
        if self.keyword(word) {
            return Ok(());
        }
        Err(format!("{} 处应是“{word}”", shown(self.peek())))
    }
}

fn function(name: &str) -> Option<Function> {
    Some(match name {
        "sum" => Function::Sum,
        "count" => Function::Count,
        "max" => Function::Max,
        "min" => Function::Min,
        "change" => Function::Change,
        "percent" => Function::Percent,
        _ => return None,
    })
}

fn shown(token: Option<&Token>) -> String {
    match token {
        None => "规则末尾".to_owned(),
        Some(Token::Number(number)) => format!("“{number}”"),
        Some(Token::Percent(number)) => format!("“{number}%”"),
        Some(Token::Text(text) | Token::Word(text)) => format!("“{text}”"),
        Some(Token::Sign(sign)) => format!("“{sign}”"),
    }
}
