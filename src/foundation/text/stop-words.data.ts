/** Words that carry no topic, by language: articles, pronouns, prepositions, auxiliaries, question words. Never a negation. */

/** Space-separated, lower case. */
export const STOP_WORDS: Readonly<Record<string, string>> = {
  en: `a an the this that these those there here i me my mine myself we us our ours ourselves you your yours yourself he him his
    himself she her hers herself it its itself they them their theirs themselves one who whom whose which what when where why how
    much many am is are was were be been being do does did doing done have has had having can could shall should will would may
    might must ought and or but if then else so than as of at by for with about against between into through during before after
    above below to from up down in out on off over under again further once all any both each few more most other some such own
    same too very just also only while because until per via within upon let get gets got please tell show say says need want`,
  de: `der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem jener jene jenes ich mich mir mein
    meine meinen meinem meiner meines du dich dir dein deine deinen er ihn ihm sein seine seinen seinem seiner sie ihr ihre ihren
    ihrem ihrer ihnen es wir uns unser unsere unseren unserem unserer euch euer man sich wer wen wem wessen was wann wo woher wohin
    warum wieso weshalb wie viel viele vielen wieviel wieviele welche welcher welches welchen welchem womit wofür worüber bin bist
    ist sind seid war waren wäre sei gewesen habe hast hat haben hatte hatten hätte werde wirst wird werden wurde wurden würde
    worden kann kannst können könnte konnte darf darfst dürfen muss musst müssen musste soll sollen sollte will willst wollen
    möchte und oder aber denn sondern wenn ob als dass daß weil damit sowie auch nur noch schon so dann da hier dort etwa in im
    an am auf aus bei beim bis durch für gegen mit nach seit über um unter von vom vor während wegen zu zum zur zwischen pro ab
    gibt es alle allem allen aller alles etwas einige jeder jede jedes jeden jedem selbst sehr bitte ihres`,
  es: `el la los las lo un una unos unas este esta esto estos estas ese esa eso esos esas aquel aquella yo me mi mis mí tú te tu
    tus ti él ella ello ellos ellas le les se su sus nos nosotros nuestro nuestra nuestros nuestras vosotros os usted ustedes que
    qué quien quién quienes quiénes cual cuál cuales cuáles cuando cuándo cuanto cuánto cuanta cuánta cuantos cuántos cuantas
    cuántas donde dónde como cómo porque soy eres es somos son fue fueron era eran ser sido sea estoy está están estaba estar he
    has ha hemos han había haber hay tengo tienes tiene tenemos tienen tener puedo puedes puede podemos pueden poder debo debe
    deben deber hacer hace hago y e o u pero si sí aunque a al ante bajo con contra de del desde durante en entre hacia hasta
    para por según sobre tras también muy más menos ya así entonces todo toda todos todas cada otro otra otros otras mismo misma
    algo alguno alguna algunos algunas mucho mucha muchos muchas`,
  fr: `le la les l un une des du de d au aux ce cet cette ces cela ça c je j me m moi mon ma mes tu te t toi ton ta tes il elle on
    nous notre nos vous votre vos ils elles leur leurs lui se s soi son sa ses qui que qu quoi quel quelle quels quelles dont où
    quand comment combien pourquoi lequel laquelle lesquels lesquelles suis es est sommes êtes sont était étaient été être sera
    seront serait ai as a avons avez ont avait avaient avoir eu aura peux peut pouvons pouvez peuvent pouvoir dois doit devons
    devez doivent devoir fait faire faut y en et ou mais donc or car si comme puis lorsque lorsqu puisque puisqu jusque jusqu
    à dans par pour sur sous avec chez vers entre avant après pendant depuis contre selon aussi très plus moins même tout toute
    tous toutes chaque autre autres quelque quelques aujourd hui là ici alors`,
  it: `il lo la i gli le l un uno una del dello della dei degli delle dell al allo alla ai agli alle all dal dallo dalla dai dagli
    dalle dall nel nello nella nei negli nelle nell sul sullo sulla sui sugli sulle sull di a da in con su per tra fra questo
    questa questi queste quest quello quella quelli quelle quell io mi me mio mia miei mie tu ti te tuo tua tuoi tue egli lui lei
    gli ella noi ci nostro nostra nostri nostre voi vi vostro vostra vostri loro si sé suo sua suoi sue che chi cui quale quali
    quando dove come perché quanto quanta quanti quante cosa cos sono sei è siamo siete era erano essere stato stata stati ho hai
    ha abbiamo avete hanno aveva avere posso puoi può possiamo possono potere devo deve dobbiamo devono dovere fa fare c d e ed o
    oppure ma se anche più meno molto molti molte già così poi ogni altro altra altri altre stesso stessa tutto tutta tutti tutte
    alcuni alcune qualche`,
  nl: `de het een dit dat deze die daar hier er ik mij me mijn jij je jou jouw u uw hij hem zijn zij ze haar hun hen wij we ons onze
    jullie zich wie wat wanneer waar waarom waarvoor waarmee hoe hoeveel welk welke ben bent is was waren wees geweest heb hebt
    heeft hebben had hadden word wordt worden werd werden geworden kan kun kunt kunnen kon mag mogen moet moeten moest zal zullen
    zou zouden wil willen doe doet doen en of maar want dus als dan toen omdat terwijl aan achter bij binnen boven buiten door in
    langs met na naar om onder op over per sinds te tegen tijdens tot tussen uit van vanaf via voor zonder ook nog al wel zo zeer
    meer meest veel alle alles elk elke ieder iedere iets andere ander zelf`,
  pt: `o a os as um uma uns umas de do da dos das em no na nos nas num numa ao aos à às por pelo pela pelos pelas para pra com este
    esta isto estes estas esse essa isso esses essas aquele aquela aquilo deste desta neste nesta eu me mim meu minha meus minhas
    tu te ti teu tua você vocês ele ela eles elas lhe lhes se si seu sua seus suas nosso nossa nossos nossas que quem qual quais
    quando onde como porque porquê quê quanto quanta quantos quantas sou é és somos são era eram foi foram ser sido seja estou
    está estão estava estar tenho tens tem temos têm tinha ter há haver posso pode podemos podem poder devo deve devem dever faz
    fazer faço vai vou e ou mas se entre sobre até desde após antes durante sob contra segundo também muito muita muitos muitas
    mais menos já assim então todo toda todos todas cada outro outra outros outras mesmo mesma algum alguma alguns algumas`,
  sv: `en ett den det de dem dessa detta denna der jag mig min mitt mina du dig din ditt dina han honom hans hon henne hennes vi oss
    vår vårt våra ni er ert era sig sin sitt sina man som vem vad vilken vilket vilka när var vart varför hur mycket många är vara
    var varit blir bli blev har ha hade haft kan kunde ska skall skulle vill ville måste får fick får göra gör och eller men om så
    att därför eftersom då än i på av för från till med vid under över mellan efter före innan hos mot per också bara mer mest
    alla allt varje annan annat andra samma själv här där finns`,
  da: `en et den det de dem disse dette denne jeg mig min mit mine du dig din dit dine han ham hans hun hende hendes vi os vores i
    jer jeres deres sig sin sit sine man som der hvem hvad hvilken hvilket hvilke hvornår hvor hvorfor hvordan meget mange er være
    var været bliver blive blev har have havde haft kan kunne skal skulle vil ville må måtte får fik gør gøre og eller men om så
    at fordi da end på af for fra til med ved under over mellem efter før hos mod pr også kun mere mest alle alt hver anden andet
    andre samme selv her der findes`,
  no: `en ei et den det de dem disse dette denne jeg meg min mi mitt mine du deg din ditt dine han ham hans hun henne hennes vi oss
    vår vårt våre dere deres sin sitt sine seg man som hvem hva hvilken hvilket hvilke når hvor hvorfor hvordan mye mange er være
    var vært blir bli ble har ha hadde hatt kan kunne skal skulle vil ville må måtte får fikk gjør gjøre og eller men om så at
    fordi da enn i på av for fra til med ved under over mellom etter før hos mot per også bare mer mest alle alt hver annen annet
    andre samme selv her der finnes`,
  fi: `minä minun minua minulla sinä sinun hän hänen me meidän te teidän he heidän se sen sitä siinä siitä ne niiden tämä tämän tätä
    nämä tuo tuon joka jonka jota jossa jotka kuka kenen mikä minkä mitä missä mistä mihin mitkä milloin miksi miten kuinka kuin
    paljon monta montako olen olet on olemme ovat oli olivat olla ollut voi voin voiko voivat pitää pitäisi saa saan saako täytyy
    ja tai vai mutta jos kun että koska sekä myös vain jo vielä niin sitten tässä siellä täällä kanssa ennen jälkeen aikana mukaan
    kaikki jokainen muu muut sama itse onko`,
  ru: `я меня мне мной мой моя моё мои ты тебя тебе твой он его ему им она её ей оно мы нас нам наш наша наше наши вы вас вам ваш
    ваша они их этот эта это эти этого тот та те того себя свой кто кого кому что чего чему чем какой какая какое какие каков
    когда где куда откуда почему зачем как сколько который которая которое которые быть был была было были есть будет будут могу
    может можно могут должен должна должны нужно надо и а но или если то чтобы потому так же ли бы в во на с со к ко у о об от до
    из за по под над при для про через между перед после также тоже только уже ещё очень более менее все всё всех каждый другой
    другие сам там тут здесь`,
  pl: `ja mnie mi mój moja moje ty ciebie ci on jego mu ona jej ono my nas nam nasz nasza wy was wam oni ich im ten ta to te ci tego
    tej tym tych się siebie swój kto kogo co czego jaki jaka jakie jakich kiedy gdzie skąd dokąd dlaczego jak ile który która które
    których jestem jest są był była było były być będzie będą mogę może możemy można mogą muszę musi trzeba i a ale lub albo czy
    jeśli że żeby ponieważ więc w we na z ze do od o po za pod nad przy dla przez między przed oraz także też tylko już jeszcze
    bardzo więcej wszystkie wszystko każdy inny inne tam tu`,
  ja: `の は が を に へ と で も や か から まで より など だ です ます でし まし ました ません た て する し した さ れ れる られ られる いる い
    ある あり こと もの ため よう この その あの どの これ それ あれ どれ ここ そこ どこ いつ 誰 だれ 何 なに なん いくら いくつ どう どの よう
    ください ね よ について において に関する`,
  zh: `的 了 在 是 和 与 及 或 也 都 就 而 但 吗 呢 吧 啊 把 被 对 从 到 为 以 于 之 其 这 那 这个 那个 哪 哪些 哪个 哪里 什么 谁 怎么 怎样 如何
    为什么 多少 几 我 你 您 他 她 它 我们 你们 他们 有 会 能 可以 请 一个 一些 关于 的话 着 过 地 得 個 們 這 為 對 從 會 與 還 还 嗎`,
  ko: `이 그 저 것 수 등 및 또는 그리고 하지만 그러나 나 내 너 우리 저희 누구 무엇 뭐 언제 어디 어디서 어떻게 왜 얼마 얼마나 몇 어떤 무슨 는 은 가 을 를 의 에
    에서 로 으로 와 과 도 만 있나요 있습니까 합니까 인가요 무엇인가요`,
  hi: `का की के को में से पर ने और या लेकिन कि जो यह ये वह वे इस उस इन उन मैं मेरा मेरी मेरे हम हमारा हमारी हमारे तुम आप आपका आपकी आपके है हैं था थी थे
    हूँ हो होता होती होते कर करना करने करता करते किया गया गई क्या कौन कब कहाँ कहां क्यों कैसे कितना कितनी कितने किस किसे सकता सकते सकती लिए
    साथ बाद पहले तक भी ही तो एक कुछ सब अपना अपनी अपने`,
  ar: `في من إلى على عن مع بين بعد قبل عند حتى منذ خلال هذا هذه ذلك تلك هؤلاء الذي التي الذين هو هي هم نحن أنا أنت أنتم كان كانت
    يكون تكون هل ما ماذا من متى أين كيف لماذا كم أي و أو ثم لكن أن إن قد كل بعض غير أيضا التي يمكن يمكنني`,
  el: `ο η το οι τα του της των τον την τους τις ένας μια μία ένα και ή αλλά αν ότι πως που ποιος ποια ποιο ποιοι τι πότε πού πώς
    γιατί πόσο πόσα πόσες πόσοι εγώ εσύ αυτός αυτή αυτό εμείς εσείς αυτοί μου σου μας σας τους είμαι είναι είμαστε ήταν έχω έχει
    έχουμε έχουν μπορώ μπορεί πρέπει να θα για με σε στο στη στην στον στα στις από ως κατά μετά πριν κάθε όλα όλοι`,
  th: `ที่ และ หรือ แต่ ของ ใน จาก ให้ กับ โดย เป็น คือ มี ได้ จะ ก็ นี้ นั้น ซึ่ง อะไร ใคร เมื่อไร เมื่อไหร่ ที่ไหน ทำไม อย่างไร ยังไง เท่าไร เท่าไหร่ กี่ ฉัน ผม เรา คุณ
    เขา ครับ ค่ะ คะ ไหม หรือไม่ การ ความ แล้ว อยู่ ไป มา`,
  tr: `bir bu şu o ben benim bana sen senin biz bizim siz sizin onlar onun ve veya ya da ama fakat ile için gibi kadar göre sonra önce
    ne kim nerede nereden nereye nasıl neden niçin hangi kaç mı mi mu mü var olan olarak olur çok daha en her tüm bazı de da ki`,
}

/** In capitals these are names, not the English words. */
export const ACRONYMS: ReadonlySet<string> = new Set(['IT', 'US', 'WHO'])
