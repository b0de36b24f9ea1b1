//! What the defaults decide: re-edited copies and lookalikes in eleven languages, headlines and
//! paragraphs, and corpora that are known to mislead searches for duplicates.
//!
//! All news are invented.

mod naive;

use std::collections::BTreeSet;

use doublon::{Boilerplate, Detector, DetectorBuilder, Measure, Search};
use naive::pairs_of;
use naive::prose::Dice;

/// A text, a re-edited copy of it, and another story that looks like it: the same formulas, the same
/// kind of event.
struct Story {
    language: &'static str,
    kind: Kind,
    text: &'static str,
    edited: &'static str,
    lookalike: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Headline,
    Paragraph,
}
use Kind::{Headline, Paragraph};

const fn story(
    language: &'static str,
    kind: Kind,
    text: &'static str,
    edited: &'static str,
    lookalike: &'static str,
) -> Story {
    Story { language, kind, text, edited, lookalike }
}

const STORIES: [Story; 44] = [
    // ---- French
    story(
        "French",
        Headline,
        "Incendie à Brévanec : l’usine de papier détruite, dix blessés légers",
        "Incendie à Brévanec : l'usine de papier entièrement détruite, dix blessés",
        "Incendie à Montgravier : l’école de musique évacuée, aucun blessé",
    ),
    story(
        "French",
        Headline,
        "Le président de la République reçoit le chancelier de Valmarie à l’Élysée",
        "Élysée : le président de la République reçoit le chancelier de Valmarie",
        "Le président de la République reçoit les syndicats de cheminots à l’Élysée",
    ),
    story(
        "French",
        Paragraph,
        "Les habitants du quartier des Tanneurs ont retrouvé l’eau potable jeudi soir, après quatre jours de coupure provoquée par la rupture d’une canalisation de 1932. La régie municipale, qui avait distribué 18 000 bouteilles dans trois écoles, recommande de laisser couler les robinets quelques minutes avant de boire.",
        "QUARTIER DES TANNEURS. Les habitants ont retrouvé l'eau potable hier, après quatre jours de coupure provoquée par la rupture d'une canalisation de 1932. La régie municipale, qui avait distribué près de 20 000 bouteilles, recommande de laisser couler les robinets quelques minutes avant de boire.",
        "Les habitants du hameau des Combes ont retrouvé l’électricité vendredi soir, après deux jours de coupure provoquée par la chute d’un pylône. La société du réseau, qui avait installé onze groupes électrogènes dans les fermes, recommande de rebrancher les appareils l’un après l’autre pour ne pas faire sauter les compteurs.",
    ),
    story(
        "French",
        Paragraph,
        "« Nous avons perdu la moitié des abricots en une seule nuit », a déclaré Solène Farigoule, présidente du syndicat des arboriculteurs de la Durelle, où le gel est descendu à moins six degrés. Elle a demandé au gouvernement un report des cotisations et l’ouverture rapide du fonds des calamités agricoles.",
        "\"Nous avons perdu la moitié des abricots en une seule nuit\", déplore Solène Farigoule, présidente du syndicat des arboriculteurs de la Durelle, où le gel est descendu à moins six degrés. Elle a demandé au gouvernement un report des cotisations ainsi que des prêts à taux nul.",
        "« Nous avons perdu un tiers des ruches en un seul hiver », a déclaré Bastien Oriol, président du syndicat des apiculteurs du Vercayrol, où le frelon est arrivé il y a deux ans. Il a demandé au gouvernement un plan de piégeage et l’interdiction rapide de deux insecticides vendus en jardinerie.",
    ),
    // ---- English
    story(
        "English",
        Headline,
        "Harlow Reach bridge shut for a month after barge hits pier",
        "Harlow Reach bridge shut for six weeks after barge hits pier",
        "Harlow Reach school shut for a day after boiler fails in frost",
    ),
    story(
        "English",
        Headline,
        "Prime minister to meet unions over the future of the Tarn steelworks",
        "Tarn steelworks: prime minister to meet unions over the future of plant",
        "Prime minister to meet farmers over the price of milk and fuel",
    ),
    story(
        "English",
        Paragraph,
        "A colony of grey seals has returned to the mouth of the Wenning for the first time since 1961, the trust that looks after the estuary said on Tuesday. Wardens counted forty-three adults and nine pups on a sandbank below the old lighthouse, and asked walkers to keep dogs on a lead.",
        "A colony of grey seals has come back to the mouth of the Wenning for the first time since 1961, the trust that looks after the estuary said. Wardens counted forty-three adults and nine pups on a sandbank below the old lighthouse, and have urged dog owners to stay away.",
        "A pair of white-tailed eagles has nested on the cliffs of Corran for the first time since 1908, the trust that runs the reserve said on Friday. Volunteers watched the birds carry branches for three weeks to a ledge above the disused quarry, and asked climbers to choose another route until August.",
    ),
    story(
        "English",
        Paragraph,
        "Ticket prices on the county's buses will rise by seven per cent in March, the first increase in four years, the transport committee decided by nine votes to six. Councillor Edwina Marsh, who voted against, said that the people who depend on the bus most are those who can least afford it.",
        "Bus fares in the county are to go up by seven per cent in March, the first increase in four years, the transport committee decided by nine votes to six last night. Councillor Edwina Marsh, who voted against, said that the people who depend on the bus most are those who can least afford it.",
        "Parking charges in the town's three car parks will fall by a fifth in May, the first reduction in a decade, the finance committee decided by seven votes to two. Councillor Peter Loxley, who abstained, said that the traders who asked for the change have promised to open on Sundays in return.",
    ),
    // ---- German
    story(
        "German",
        Headline,
        "Hochwasser an der Orbe: Altstadt von Brunnfeld in der Nacht geräumt",
        "Hochwasser an der Orbe: Altstadt von Brunnfeld am Morgen geräumt",
        "Hochwasser an der Lauter: Pegel in Steinach fällt langsam wieder",
    ),
    story(
        "German",
        Headline,
        "Bundesregierung will Bau der Bahnstrecke nach Waldheim um zwei Jahre verschieben",
        "Bahn: Bundesregierung will Bau der Bahnstrecke nach Waldheim verschieben",
        "Bundesregierung will Steuer auf Kerosin nach der Sommerpause neu regeln",
    ),
    story(
        "German",
        Paragraph,
        "Die Freibäder der Stadt öffnen in diesem Jahr erst im Juni, weil die Heizung aus Kostengründen abgeschaltet bleibt, teilte die Verwaltung am Montag mit. Der Schwimmverein, der zweihundert Kinder im Seepferdchen-Kurs unterrichtet, sprach von einem verlorenen Monat und sammelt nun Unterschriften gegen den Beschluss.",
        "Die Bäder der Stadt öffnen in diesem Jahr erst im Juni, weil die Heizung aus Kostengründen abgeschaltet bleibt, teilte die Verwaltung am Montag mit. Der Schwimmverein mit seinen achthundert Mitgliedern, der zweihundert Kinder im Seepferdchen-Kurs unterrichtet, sprach von einem verlorenen Monat und sammelt nun Unterschriften.",
        "Die Büchereien der Stadt schließen in diesem Jahr schon um sechs, weil drei Stellen aus Spargründen unbesetzt bleiben, teilte das Kulturamt am Mittwoch mit. Der Förderverein, der jeden Samstag im Lesesaal Märchen vorliest, sprach von einem falschen Zeichen und lädt nun zu einer Lesung vor dem Rathaus ein.",
    ),
    story(
        "German",
        Paragraph,
        "Nach dem Brand in einer Lagerhalle am Güterbahnhof haben die Ermittler einen technischen Defekt als Ursache ausgemacht. Ein Ladegerät für Gabelstapler sei überhitzt, sagte ein Sprecher der Polizei in Kirchau, Hinweise auf Brandstiftung gebe es nicht. Der Schaden wird auf 2,4 Millionen Euro geschätzt.",
        "Nach dem Großbrand vom Wochenende haben die Ermittler einen technischen Defekt als Ursache ausgemacht. Ein Ladegerät für Gabelstapler sei überhitzt, sagte ein Sprecher der Polizei in Kirchau, Hinweise auf Brandstiftung gebe es nicht. Der Schaden liegt wohl bei drei Millionen Euro.",
        "Nach dem Einbruch in ein Juweliergeschäft am Marktplatz haben die Ermittler zwei Verdächtige festgenommen. Ein Zeuge habe das Kennzeichen notiert, sagte eine Sprecherin der Polizei in Lindau, die Beute fehle jedoch. Der Wert der Uhren wird auf 310.000 Euro geschätzt.",
    ),
    // ---- Russian
    story(
        "Russian",
        Headline,
        "В Верхнереченске после наводнения снова открыли мост через реку Сойму",
        "После наводнения в Верхнереченске снова открыли мост через реку Сойму",
        "В Верхнереченске после ремонта снова открыли музей деревянных игрушек",
    ),
    story(
        "Russian",
        Headline,
        "Правительство обсудит повышение пенсий учителям сельских школ с первого марта",
        "Правительство обсудит повышение пенсий учителям сельских школ с апреля",
        "Правительство обсудит строительство дорог в северных районах страны на неделе",
    ),
    story(
        "Russian",
        Paragraph,
        "Рыбаки посёлка Белая Коса нашли на берегу обломки старинного парусника, который, по словам историков, затонул в бурю в середине восемнадцатого века. Находку перевезут в краеведческий музей, где специалисты будут сушить дерево не меньше трёх лет, прежде чем показать его посетителям.",
        "Рыбаки нашли на берегу у посёлка Белая Коса обломки старинного парусника, который, по словам историков, затонул в бурю в середине восемнадцатого века. Находку перевезут в краеведческий музей, где специалисты будут сушить дерево не меньше пяти лет.",
        "Школьники посёлка Сухой Лог нашли в лесу кости мамонта, который, по словам учёных, жил здесь около тридцати тысяч лет назад. Находку отвезут в университет, где студенты будут склеивать бивни до весны, а потом напечатают копию скелета для школьного двора.",
    ),
    story(
        "Russian",
        Paragraph,
        "Движение поездов на участке между станциями Лугово и Каменка остановлено до вечера пятницы из-за оползня, сообщила железная дорога. Пассажиров везут в обход на автобусах, дорога занимает на полтора часа больше, а билеты можно вернуть в любой кассе без потери денег.",
        "Поезда между станциями Лугово и Каменка не будут ходить до субботы из-за оползня, сообщила железная дорога. Пассажиров везут в обход на автобусах, дорога занимает на полтора часа больше, а билеты можно вернуть в любой кассе без потери денег.",
        "Движение паромов между островами Долгий и Песчаный остановлено до утра вторника из-за шторма, сообщило пароходство. Туристов разместили в школе и в доме культуры, их кормят горячими обедами, а лекарства для больницы доставили на вертолёте спасателей.",
    ),
    // ---- Greek
    story(
        "Greek",
        Headline,
        "Κλειστό το λιμάνι της Αλμυρής λόγω ισχυρών ανέμων έως το βράδυ",
        "Κλειστό το λιμάνι της Αλμυρής λόγω ισχυρών ανέμων έως την Τρίτη",
        "Κλειστό το μουσείο της Πέτρας λόγω έργων στη στέγη έως τον Μάιο",
    ),
    story(
        "Greek",
        Headline,
        "Ο πρωθυπουργός συναντά τους αγρότες της Κάτω Βαλίνας για το νερό",
        "Για το νερό ο πρωθυπουργός συναντά τους αγρότες της Κάτω Βαλίνας",
        "Ο πρωθυπουργός συναντά τους φοιτητές για τις εστίες και τα δίδακτρα",
    ),
    story(
        "Greek",
        Paragraph,
        "Οι κάτοικοι του χωριού Αγία Ρούμη ξαναείδαν χθες το μικρό λεωφορείο που είχε σταματήσει πριν από οκτώ χρόνια. Ο δήμος αγόρασε ένα μεταχειρισμένο όχημα δώδεκα θέσεων και προσέλαβε δύο οδηγούς, ώστε οι ηλικιωμένοι να φτάνουν στο κέντρο υγείας τρεις φορές την εβδομάδα.",
        "ΑΓΙΑ ΡΟΥΜΗ. Το μικρό λεωφορείο που είχε σταματήσει πριν από οκτώ χρόνια γύρισε στο χωριό. Ο δήμος αγόρασε ένα μεταχειρισμένο όχημα δώδεκα θέσεων και προσέλαβε δύο οδηγούς, ώστε οι ηλικιωμένοι να φτάνουν στο κέντρο υγείας κάθε μέρα.",
        "Οι κάτοικοι της γειτονιάς Παλιά Σφαγεία ξαναείδαν χθες ανοιχτό τον θερινό κινηματογράφο που είχε κλείσει πριν από είκοσι χρόνια. Ένας σύλλογος καθάρισε τον κήπο και επισκεύασε τη μηχανή προβολής, ώστε τα παιδιά να βλέπουν ταινίες δωρεάν κάθε Πέμπτη του καλοκαιριού.",
    ),
    story(
        "Greek",
        Paragraph,
        "Πυρκαγιά ξέσπασε το μεσημέρι σε αποθήκη ξυλείας στην περιοχή Λεύκες και έκαψε τρία φορτηγά, ανακοίνωσε η πυροσβεστική. Δεν υπάρχουν τραυματίες, όμως ο καπνός ανάγκασε δεκάδες οικογένειες να μείνουν έξω από τα σπίτια τους μέχρι αργά το βράδυ, όταν η φωτιά τέθηκε υπό έλεγχο.",
        "Μεγάλη πυρκαγιά ξέσπασε χθες σε αποθήκη ξυλείας στις Λεύκες, ανακοίνωσε η πυροσβεστική. Δεν υπάρχουν τραυματίες, όμως ο καπνός ανάγκασε δεκάδες οικογένειες να μείνουν έξω από τα σπίτια τους μέχρι αργά το βράδυ, όταν η φωτιά τέθηκε υπό έλεγχο.",
        "Έκρηξη σημειώθηκε το πρωί σε φούρνο στην περιοχή Κρήνη και έσπασε τις βιτρίνες τριών καταστημάτων, ανακοίνωσε η αστυνομία. Ένας υπάλληλος τραυματίστηκε ελαφρά στο χέρι, ενώ οι μηχανικοί ελέγχουν αν η πολυκατοικία μπορεί να κατοικηθεί πριν από το τέλος του μήνα.",
    ),
    // ---- Arabic
    story(
        "Arabic",
        Headline,
        "إغلاق ميناء النخيل أمام السفن الكبيرة بعد عاصفة رملية شديدة",
        "إغلاق ميناء النخيل أمام السفن الكبيرة بعد عاصفة رملية قوية",
        "إغلاق مطار الواحة أمام الرحلات الليلية بعد خلل في الإنارة",
    ),
    story(
        "Arabic",
        Headline,
        "رئيس الوزراء يبحث مع وزير الزراعة خطة لتوفير القمح قبل الشتاء",
        "خطة لتوفير القمح قبل الشتاء: رئيس الوزراء يبحث مع وزير الزراعة",
        "رئيس الوزراء يبحث مع وزير التعليم بناء مدارس جديدة في الجنوب",
    ),
    story(
        "Arabic",
        Paragraph,
        "عادت الكهرباء إلى أحياء مدينة السدرة مساء الخميس بعد انقطاع دام ثلاثة أيام بسبب حريق في المحطة الرئيسية. وقالت الشركة إن العمال استبدلوا محولين قديمين وإن الأحمال ستبقى محدودة في ساعات الظهيرة حتى نهاية الأسبوع المقبل.",
        "بعد انقطاع دام ثلاثة أيام بسبب حريق في المحطة الرئيسية عادت الكهرباء إلى السدرة. وقالت الشركة إن العمال استبدلوا محولين قديمين وإن الأحمال ستبقى محدودة في ساعات الظهيرة حتى نهاية الأسبوع المقبل.",
        "عادت المياه إلى قرى وادي الزيتون صباح الأحد بعد انقطاع دام أسبوعا بسبب انهيار جسر قديم فوق الأنابيب. وقال المجلس المحلي إن الجنود مدوا خطا مؤقتا وإن الصهاريج ستواصل زيارة المدارس والمستوصف مرتين في اليوم.",
    ),
    story(
        "Arabic",
        Paragraph,
        "عثر صيادون قرب جزيرة المرجان على قارب خشبي يعتقد الباحثون أنه غرق قبل أربعة قرون وهو محمل بالجرار والتوابل. وسينقل القارب إلى متحف الساحل حيث يحتاج الخشب إلى سنوات من التجفيف البطيء قبل أن يراه الزوار.",
        "قرب جزيرة المرجان عثر صيادون أمس على قارب خشبي يعتقد الباحثون أنه غرق قبل أربعة قرون وهو محمل بالجرار والتوابل. وسينقل القارب إلى متحف الساحل حيث يحتاج الخشب إلى سنوات من التجفيف.",
        "عثر عمال بناء في حي القلعة على فسيفساء ملونة يرجح الخبراء أنها زينت حماما عاما قبل خمسة عشر قرنا. وستوقف البلدية حفر المرآب تحت الأرض حتى ينتهي الطلاب من رسم القطع وترقيمها ونقلها إلى مكان آمن.",
    ),
    // ---- Hindi
    story(
        "Hindi",
        Headline,
        "सोनपुर में नदी का पुल टूटा, तीन गांवों का रास्ता बंद",
        "सोनपुर में नदी का पुल टूटा, पांच गांवों का रास्ता बंद",
        "सोनपुर में किसानों का मेला शुरू, सात दिन तक चलेगा",
    ),
    story(
        "Hindi",
        Headline,
        "मुख्यमंत्री ने कहा कि हर जिले में नया अस्पताल बनाया जाएगा",
        "हर जिले में नया अस्पताल बनाया जाएगा, मुख्यमंत्री ने कहा",
        "मुख्यमंत्री ने कहा कि स्कूलों की छुट्टियां इस साल कम होंगी",
    ),
    story(
        "Hindi",
        Paragraph,
        "रामगढ़ की पुरानी झील में इस साल फिर से प्रवासी पक्षी लौट आए हैं, वन विभाग ने सोमवार को बताया। अधिकारियों ने दो हजार से अधिक बत्तखों की गिनती की और पर्यटकों से कहा कि वे किनारे पर गाड़ी न लाएं और शाम के बाद शोर न करें।",
        "रामगढ़ की झील में प्रवासी पक्षी लौट आए हैं। अधिकारियों ने दो हजार से अधिक बत्तखों की गिनती की और पर्यटकों से कहा कि वे किनारे पर गाड़ी न लाएं और शाम के बाद शोर न करें।",
        "बड़गांव के पुराने किले में इस साल पहली बार संगीत का उत्सव हुआ, पर्यटन विभाग ने रविवार को बताया। आयोजकों ने तीन सौ से अधिक कलाकारों को बुलाया और दर्शकों से कहा कि वे टिकट पहले खरीदें तथा पानी की बोतल साथ लाएं।",
    ),
    story(
        "Hindi",
        Paragraph,
        "शहर की बसों का किराया अगले महीने से दो रुपये बढ़ जाएगा, परिवहन समिति ने नौ के मुकाबले छह मतों से फैसला किया। विरोध करने वाली पार्षद मीरा देवी ने कहा कि जो लोग बस पर सबसे अधिक निर्भर हैं वही सबसे कम कमाते हैं।",
        "अगले महीने से बसें महंगी होंगी, परिवहन समिति ने नौ के मुकाबले छह मतों से फैसला किया। विरोध करने वाली पार्षद मीरा देवी ने कहा कि जो लोग बस पर सबसे अधिक निर्भर हैं वही सबसे कम कमाते हैं।",
        "शहर के बाजार में दुकानें अगले हफ्ते से रात दस बजे तक खुलेंगी, व्यापार मंडल ने बैठक के बाद फैसला किया। समर्थन करने वाले दुकानदार हरीश गुप्ता ने कहा कि गर्मी में लोग सूरज डूबने के बाद ही खरीदारी करने निकलते हैं।",
    ),
    // ---- Chinese
    story(
        "Chinese",
        Headline,
        "青石镇大桥因洪水关闭三天，十二个村庄交通中断",
        "青石镇大桥因洪水关闭五天，十二个村庄交通中断",
        "青石镇小学因暴雪停课三天，四百名学生在家上网课",
    ),
    story(
        "Chinese",
        Headline,
        "总理会见农民代表，承诺冬季之前下调化肥价格",
        "总理会见农民代表并承诺冬季之前下调化肥价格",
        "总理会见大学校长，承诺明年增加奖学金名额",
    ),
    story(
        "Chinese",
        Paragraph,
        "白河市公共汽车票价将从下个月起上涨百分之七，这是四年来首次调整，交通委员会以九票对六票通过了决定。投反对票的委员林秀兰说，最依赖公交车的人，往往也是最付不起车费的人。",
        "白河市公交车又要涨价了，这是四年来首次调整，交通委员会以九票对六票通过了决定。投反对票的委员林秀兰说，最依赖公交车的人，往往也是最付不起车费的人。",
        "白河市公共图书馆将从下个月起延长开放到晚上十点，这是市民多年来的愿望，文化委员会一致通过了预算。馆长周文斌说，考试前的晚上，常常有一百多个年轻人站在走廊里看书。",
    ),
    story(
        "Chinese",
        Paragraph,
        "渔民在白沙岛附近发现一艘古代木船的残骸，历史学家认为它在四百年前的一场风暴中沉没。木船将被运往海滨博物馆，专家需要至少三年时间慢慢干燥木材，然后才能向公众展出。",
        "昨天，渔民在白沙岛附近发现一艘古代木船的残骸，历史学家认为它在四百年前的一场风暴中沉没。木船将被运往海滨博物馆，专家说干燥木材需要很久。",
        "工人在老城地铁站附近发现一座古代水井的石栏，考古学家认为它属于一千年前的一处寺院。石栏将被运往大学实验室，施工单位需要停工两个月等待清理，地铁开通日期可能推迟。",
    ),
    // ---- Japanese
    story(
        "Japanese",
        Headline,
        "白波町の橋が大雨で通行止めに、三つの集落が孤立",
        "白波町の橋が大雨で通行止め、五つの集落が孤立",
        "白波町の小学校が大雪で休校に、給食は弁当に変更",
    ),
    story(
        "Japanese",
        Headline,
        "首相、農家の代表と会談し肥料の値下げを約束",
        "首相が農家の代表と会談し肥料の値下げを約束",
        "首相、大学の学長らと懇談し留学生の受け入れ拡大を表明",
    ),
    story(
        "Japanese",
        Paragraph,
        "青浜市のバス運賃が来月から七パーセント上がる。値上げは四年ぶりで、交通委員会が九対六の賛成多数で決めた。反対した議員の森田さつきさんは、バスに一番頼っている人ほど運賃を払う余裕がないと訴えた。",
        "青浜市で路線バスの値上げが決まった。値上げは四年ぶりで、交通委員会が九対六の賛成多数で決めた。反対した議員の森田さつきさんは、バスに一番頼っている人ほど運賃を払う余裕がないと訴えた。",
        "青浜市の図書館が来月から夜十時まで開く。延長は長年の要望で、文化委員会が全会一致で予算を認めた。館長の岡部隆さんは、試験の前になると百人を超える若者が廊下に立って本を読んでいると話した。",
    ),
    story(
        "Japanese",
        Paragraph,
        "漁師が白砂島の沖で古い木造船の残骸を見つけた。歴史家によると、四百年前の嵐で沈んだとみられる。船は海辺の博物館に運ばれ、少なくとも三年かけて木材を乾かしたあと、一般に公開される予定だ。",
        "白砂島の沖で漁師が古い木造船の残骸を見つけた。歴史家によると、四百年前の嵐で沈んだとみられる。船は海辺の博物館に運ばれ、少なくとも三年かけて木材を乾かすという。",
        "工事の作業員が旧市街の駅前で古い井戸の石組みを掘り当てた。大学の調査では、千年前の寺の一部らしい。石は研究室に移され、二か月ほど工事を止めて調べるため、駅の開業は来春より遅れる見通しだ。",
    ),
    // ---- Thai
    story(
        "Thai",
        Headline,
        "น้ำท่วมบ้านสวนใหญ่ ปิดสะพานข้ามแม่น้ำสามวัน",
        "น้ำท่วมบ้านสวนใหญ่ ปิดสะพานข้ามแม่น้ำห้าวัน",
        "ไฟป่าบ้านดอยคำ ปิดโรงเรียนริมเขาหนึ่งสัปดาห์",
    ),
    story(
        "Thai",
        Headline,
        "นายกรัฐมนตรีพบตัวแทนชาวนา รับปากลดราคาปุ๋ยก่อนฤดูหนาว",
        "นายกรัฐมนตรีพบตัวแทนชาวนา สัญญาลดราคาปุ๋ยก่อนฤดูหนาว",
        "นายกรัฐมนตรีพบนักศึกษา เปิดทุนเรียนฟรีสำหรับเด็กต่างจังหวัด",
    ),
    story(
        "Thai",
        Paragraph,
        "ค่าโดยสารรถเมล์ในเมืองจะขึ้นอีกสองบาทตั้งแต่เดือนหน้า ซึ่งเป็นการขึ้นราคาครั้งแรกในรอบสี่ปี คณะกรรมการขนส่งลงมติเก้าต่อหกเสียง นางมาลี ผู้ลงคะแนนคัดค้านกล่าวว่า คนที่พึ่งรถเมล์มากที่สุดคือคนที่มีรายได้น้อยที่สุด",
        "รถเมล์ในเมืองเตรียมขึ้นราคา ซึ่งเป็นการขึ้นราคาครั้งแรกในรอบสี่ปี คณะกรรมการขนส่งลงมติเก้าต่อหกเสียง นางมาลี ผู้ลงคะแนนคัดค้านกล่าวว่า คนที่พึ่งรถเมล์มากที่สุดคือคนที่มีรายได้น้อยที่สุด",
        "ห้องสมุดประชาชนจะเปิดถึงสี่ทุ่มตั้งแต่เดือนหน้าตามคำขอของชาวเมือง สภาวัฒนธรรมเห็นชอบงบประมาณอย่างเป็นเอกฉันท์ นายสมชาย บรรณารักษ์เล่าว่า ช่วงก่อนสอบมีวัยรุ่นมากกว่าร้อยคนยืนอ่านหนังสืออยู่ตามทางเดิน",
    ),
    story(
        "Thai",
        Paragraph,
        "ชาวประมงพบซากเรือไม้โบราณใกล้เกาะทรายขาว นักประวัติศาสตร์เชื่อว่าเรือจมลงในพายุเมื่อสี่ร้อยปีก่อน เรือจะถูกย้ายไปยังพิพิธภัณฑ์ริมทะเล ซึ่งต้องใช้เวลาอย่างน้อยสามปีในการทำให้ไม้แห้ง",
        "พบซากเรือไม้โบราณใกล้เกาะทรายขาวเมื่อวาน นักประวัติศาสตร์เชื่อว่าเรือจมลงในพายุเมื่อสี่ร้อยปีก่อน เรือจะถูกย้ายไปยังพิพิธภัณฑ์ริมทะเล ก่อนเปิดให้ประชาชนเข้าชม",
        "คนงานพบบ่อน้ำหินเก่าแก่หน้าสถานีรถไฟในเมือง อาจารย์มหาวิทยาลัยคาดว่าเป็นส่วนหนึ่งของวัดอายุพันปี ก้อนหินจะถูกยกไปศึกษาในห้องทดลอง การก่อสร้างจึงหยุดสองเดือนและอาจเปิดใช้ล่าช้า",
    ),
    // ---- Korean
    story(
        "Korean",
        Headline,
        "푸른읍 다리 폭우로 사흘간 통제, 마을 세 곳 고립",
        "푸른읍 다리 폭우로 나흘간 통제, 마을 세 곳 고립",
        "푸른읍 초등학교 폭설로 휴교, 학생 사백 명 온라인 수업",
    ),
    story(
        "Korean",
        Headline,
        "총리 농민 대표 만나 겨울 전에 비료 가격 내리겠다고 약속",
        "총리 농민 대표 만나 겨울 전에 비료 가격 인하 약속",
        "총리 대학 총장 만나 내년에 장학금 예산 늘리겠다고 약속",
    ),
    story(
        "Korean",
        Paragraph,
        "하늘시 시내버스 요금이 다음 달부터 칠 퍼센트 오른다. 요금 인상은 사 년 만에 처음이며 교통위원회가 아홉 표 대 여섯 표로 결정했다. 반대표를 던진 이수진 의원은 버스에 가장 많이 의지하는 사람들이 요금을 내기 가장 어려운 사람들이라고 말했다.",
        "하늘시 버스 요금이 오른다. 요금 인상은 사 년 만에 처음이며 교통위원회가 아홉 표 대 여섯 표로 결정했다. 반대표를 던진 이수진 의원은 버스에 가장 많이 의지하는 사람들이 요금을 내기 가장 어려운 사람들이라고 강조했다.",
        "하늘시 도서관이 다음 달부터 밤 열 시까지 문을 연다. 시간 연장은 오랜 바람이었으며 문화위원회가 만장일치로 예산을 통과시켰다. 김태호 관장은 시험 전날이면 백 명이 넘는 젊은이들이 복도에 서서 책을 읽는다고 말했다.",
    ),
    story(
        "Korean",
        Paragraph,
        "어부들이 흰모래섬 앞바다에서 오래된 나무배의 잔해를 발견했다. 역사학자들은 이 배가 사백 년 전 폭풍 속에서 가라앉은 것으로 본다. 배는 바닷가 박물관으로 옮겨져 적어도 삼 년 동안 나무를 말린 뒤 일반에 공개될 예정이다.",
        "흰모래섬 앞바다에서 어부들이 나무배의 잔해를 발견했다. 역사학자들은 이 배가 사백 년 전 폭풍 속에서 가라앉은 것으로 본다. 배는 바닷가 박물관으로 옮겨져 적어도 삼 년 동안 나무를 말린 뒤 공개된다.",
        "공사장 인부들이 옛 시가지 역 앞에서 오래된 우물의 돌담을 발견했다. 고고학자들은 이 우물이 천 년 전 절의 일부였던 것으로 본다. 돌은 대학 연구실로 옮겨져 두 달 동안 조사를 받으며 역의 개통은 내년 봄보다 늦어질 전망이다.",
    ),
];

#[test]
fn each_language_has_its_rows() {
    let languages: BTreeSet<&str> = STORIES.iter().map(|story| story.language).collect();
    assert_eq!(languages.len(), 11);
    for language in languages {
        for kind in [Headline, Paragraph] {
            let of = |story: &&Story| story.language == language && story.kind == kind;
            assert_eq!(STORIES.iter().filter(of).count(), 2, "{language} {kind:?}");
        }
    }
}

#[test]
fn re_edited_copies_match_and_lookalikes_do_not() {
    let mut wrong = Vec::new();
    for story in &STORIES {
        let Story { language, kind, text, edited, lookalike } = story;
        for (other, expected) in [(edited, true), (lookalike, false)] {
            let found = doublon::compare(text, other).unwrap();
            if found.is_match() != expected {
                let similarity = found.similarity();
                wrong.push(format!("{language} {kind:?}, {expected} expected: {similarity:?}"));
            }
        }
        let found = doublon::compare(edited, lookalike).unwrap();
        if found.is_match() {
            wrong.push(format!("{language} {kind:?}, the copy and the lookalike"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// All texts in one corpus: nothing matches across stories and languages.
#[test]
fn the_whole_table_at_once() {
    let texts: Vec<&str> =
        STORIES.iter().flat_map(|story| [story.text, story.edited, story.lookalike]).collect();
    let report = doublon::find(&texts).unwrap();
    let expected: Vec<_> = (0..STORIES.len()).map(|i| (3 * i, 3 * i + 1)).collect();
    assert_eq!(pairs_of(&report), expected);
    assert_eq!(report.limits().short, 0);
    for m in report.matches() {
        let (a, b) = (texts[m.a().index()], texts[m.b().index()]);
        for run in m.passages().iter().flat_map(|passage| passage.runs()) {
            assert_eq!(naive::words(&a[run.a()]), naive::words(&b[run.b()]));
        }
    }
}

/// Headlines of stories that never end, and of which only one word is another: what no count of
/// equal words can tell from a correction. They match; this is a limit of the method.
#[test]
fn one_changed_figure_is_a_correction() {
    let a = "Bourse de Paris : le CAC 40 ouvre en hausse de 0,3 %";
    let b = "Bourse de Paris : le CAC 40 ouvre en hausse de 0,7 %";
    assert!(doublon::compare(a, b).unwrap().is_match());
}

/// A title says little: inside a longer text, or beside another that goes on, it is no copy.
#[test]
fn a_formula_alone_is_no_match() {
    let formula = "Le président de la République française";
    for longer in [
        "Le président de la République française reçoit le chancelier de Valmarie à l’Élysée jeudi",
        "Hier soir, à la télévision, le président de la République française a promis de baisser l’impôt sur le revenu",
    ] {
        assert!(!doublon::compare(formula, longer).unwrap().is_match(), "{longer}");
    }
}

// ---- what misleads others ----------------------------------------------------------------------

/// Unrelated texts with one common footer, whose shingles are a third of all. Bands of sketches
/// without a look at the texts join hundreds of them.
#[test]
fn a_common_footer_is_no_match() {
    let mut dice = Dice::new(40);
    let footer = dice.own_words(60).join(" ");
    let texts: Vec<String> =
        (0..600).map(|_| dice.own_words(60).join(" ") + ". " + &footer).collect();
    for (measure, search, threshold) in [
        (Measure::Jaccard, Search::MinHash, 0.5),
        (Measure::Jaccard, Search::Exact, 0.5),
        (Measure::Jaccard, Search::MinHash, 0.7),
        (Measure::Containment, Search::Exact, 0.8),
        (Measure::Hamming, Search::Hamming, 3.0),
    ] {
        let mut builder = Detector::builder();
        builder.measure(measure).search(search).threshold(threshold);
        let report = builder.build().unwrap().find(&texts).unwrap();
        assert_eq!(report.matches().count(), 0, "{measure} {threshold}");
        // With shingles of three words the share is greater, and the same holds.
        let report = builder.shingle(3).build().unwrap().find(&texts).unwrap();
        assert_eq!(report.matches().count(), 0, "{measure} {threshold}, shingles of 3");
    }
    // It is half of each text, and half of the shorter text is what coverage asks for by default. A
    // stricter threshold tells them apart, and to leave out what stands in many documents.
    let clusters = |builder: &mut DetectorBuilder| {
        builder.build().unwrap().find(&texts).unwrap().clusters().len()
    };
    assert_eq!(clusters(&mut Detector::builder()), 1);
    assert_eq!(clusters(Detector::builder().threshold(0.51)), 0);
    let discount = Boilerplate::Discount { min_docs: 10 };
    assert_eq!(clusters(Detector::builder().threshold(0.3).boilerplate(discount)), 0);
}

/// Between short texts a longer shared run never makes the coverage smaller.
#[test]
fn a_long_run_between_short_texts_takes_nothing_away() {
    let words = Dice::new(41).own_words(25);
    for (changed, coverage) in [(&[15, 20][..], 0.92), (&[16, 20], 0.92), (&[10, 15, 20], 0.88)] {
        let mut other = words.clone();
        changed.iter().for_each(|&at| other[at] = format!("new{at}"));
        let (a, b) = (words.join(" "), other.join(" "));
        let mut builder = Detector::builder();
        let detector = builder.threshold(0.7).build().unwrap();
        assert_eq!(detector.compare(&a, &b).unwrap().similarity().coverage(), coverage);
        let report = detector.find(&[&a, &b]).unwrap();
        assert_eq!(report.matches().count(), 1, "{changed:?}");
        detector.verify(&report, &[&a, &b]).unwrap();
    }
}

/// One word more, anywhere: samples of token places lose such pairs.
#[test]
fn one_word_more_is_a_match() {
    for len in [200, 500, 2000] {
        let mut dice = Dice::new(len as u64);
        let mut texts = Vec::new();
        for _ in 0..12 {
            let words = dice.own_words(len);
            texts.push(words.join(" "));
            for at in [0, len / 2, len] {
                let mut copy = words.clone();
                copy.insert(at, "more".into());
                texts.push(copy.join(" "));
            }
            let mut copy = words.clone();
            copy[len / 3] = "other".into();
            texts.push(copy.join(" "));
        }
        for measure in [Measure::Coverage, Measure::Jaccard, Measure::Containment, Measure::Hamming]
        {
            let mut builder = Detector::builder();
            builder.measure(measure).all_pairs(1000);
            if measure == Measure::Hamming {
                // A word of 200 may turn more bits than the 3 of the default.
                builder.threshold(16.0);
            }
            let report = builder.build().unwrap().find(&texts).unwrap();
            let expected = naive::pairs(texts.len(), |i, j| i / 5 == j / 5);
            assert_eq!(pairs_of(&report), expected, "{measure}, {len} words");
        }
    }
}

/// Sentences of one clause and of two, in scripts without spaces and with: cut at punctuation they
/// were one giant word each.
#[test]
fn one_changed_word_in_a_sentence_is_a_match() {
    for (a, b) in [
        ("我喜欢健身，他喜欢普洱茶。", "我喜欢健身，他喜欢龙井茶。"),
        ("図書館は来月から夜十時まで開く。", "図書館は来月から夜九時まで開く。"),
        ("ห้องสมุดเปิดถึงสี่ทุ่มทุกวัน", "ห้องสมุดเปิดถึงสามทุ่มทุกวัน"),
        ("ဤစာကြည့်တိုက်သည်ညဆယ်နာရီအထိဖွင့်သည်", "ဤစာကြည့်တိုက်သည်ညကိုးနာရီအထိဖွင့်သည်"),
        (
            "도서관은 다음 달부터 밤 열 시까지 매일 문을 연다",
            "도서관은 다음 달부터 밤 아홉 시까지 매일 문을 연다",
        ),
    ] {
        let found = doublon::compare(a, b).unwrap();
        assert!(found.is_match(), "{a} {:?}", found.similarity());
    }
}

#[test]
fn texts_without_a_word_never_match() {
    let texts = ["", "!!!", "!!! ???", "", "!!!", "。、", " ", "…"];
    for measure in [Measure::Coverage, Measure::Jaccard, Measure::Containment, Measure::Hamming] {
        let detector = Detector::builder().measure(measure).build().unwrap();
        let report = detector.find(&texts).unwrap();
        assert_eq!(report.matches().count(), 0, "{measure}");
        assert_eq!(report.limits().empty, texts.len() as u64);
        for (i, a) in texts.iter().enumerate() {
            for b in &texts[i..] {
                assert!(!detector.compare(a, b).unwrap().is_match(), "{measure} {a:?} {b:?}");
            }
        }
    }
}
