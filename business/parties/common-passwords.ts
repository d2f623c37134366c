/** Passwords of eight letters or more that stand at the head of every published list of leaks. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `12345678 123456789 1234567890 0123456789 01234567 87654321 987654321 9876543210 0987654321
  12341234 12121212 123123123 11223344 1122334455 112233445566 123321123 1234554321 12344321 147258369 123654789 789456123 741852963
  159357456 147852369 963852741 102030405060 13579246 135792468 1357924680 24681012 31415926 3141592653 20082008 19491001 88888888 66668888
  88886666 52013140 5201314520 5201314a woaini1314 woaini520 woaini521 woaini123 aini1314 1314520520 13145200 7758521a 7758258a
  a12345678 a123456789 a1234567 a1b2c3d4 a1b2c3d4e5 aa123456 aa12345678 aaa123456 aa123123 ab123456 abc12345 abc123456 abc123abc abcd1234 abcd12345
  abcd123456 abcde12345 abcdefgh abcdefg1 abcdefg123 1234abcd 12345abc 123456abc 123456ab 12345678a 123456789a 123456aa 123456qq qq123456 qq123456789 qqww1122 q1w2e3r4
  q1w2e3r4t5 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 qazwsx123 qazwsxedc zaq12wsx zaq1zaq1 zxcvbnm1 zxcvbnm123 zxcvbnm, asdfghjk asdfghjkl asdf1234 asdfasdf
  qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyuiop123 1234qwer 12345qwert 123qweasd 123qwe123 qwe123qwe qwer1234 qweasdzxc asd123456
  zxc123456 z123456789 w123456789 s123456789 x123456789 l123456789 wang1234 wang123456 zhang123 zhang123456 li123456 liu123456 chen123456 yang123456
  password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword pass1234 pass12345 password! password@123 admin123 admin1234 admin12345
  administrator root1234 root123456 test1234 test12345 testtest test123456 user1234 guest123 default1 changeme changeme123 welcome1 welcome123 letmein1 letmein123
  iloveyou iloveyou1 iloveyou2 iloveyou123 ilovegod loveyou1 lovelove love1234 love123456 princess princess1 sunshine sunshine1 football football1 baseball baseball1
  basketball superman superman1 batman123 spiderman pokemon1 pokemon123 starwars starwars1 whatever whatever1 trustno1 computer computer1 internet internet1 michelle michael1
  jennifer jessica1 charlie1 jordan23 liverpool liverpool1 chelsea1 manchester arsenal1 barcelona realmadrid samsung1 google123 facebook facebook1 linkedin dragon123 monkey123
  shadow123 master123 killer123 hello123 hello1234 helloworld nihao123 nihao1234 china123 china2008 beijing2008 shanghai beijing1 tiantian wodemima mima1234
  mima123456 jiayou123 xiaoming xiaoming123 baobao123 baobei123 wangyut2 zhongguo alibaba1 tencent1 taobao123 alipay123 wechat123 weixin123 bursar123 bursar1234
  secret123 access14 mustang1 corvette maverick blink182 nothing1 freedom1 victoria alexander alexandra elizabeth christian chocolate butterfly purple123 orange123 summer123
  winter123 spring123 autumn123 january1 february monday123 friday123 sunday123 diamond1 cookie123 flower123 matrix123 thomas123 daniel123 robert123 andrew123 joshua123`.split(
    /\s+/,
  ),
)
