"""More words that providers refuse with, of the same notation and standing as
panel.refusal_words.USUAL.

One kind of sentence after another, each in some twenty languages. What is about the account or the
page that an order is for must not stop the shop, so such words take the meaning away.
"""

from panel.refusal_words import THEIRS

_FAILED = "not|no|failed|fail|error|invalid|incorrect|wrong|bad|cannot|unable"

FURTHER: tuple[tuple[str, str], ...] = (
    (
        "rate_limit",
        """
        request|requests|calls too_frequent|too_often|too_fast|too_quickly|too_frequently
        frequent|excessive requests|calls
        flood|flooding|throttled|throttling
        only|once|one|more per|every|each|within second|seconds|sec|minute|minutes \
            order|orders|request|requests|call|calls !link|links|quantity|likes|followers|views|members|comments|service
        wait second|seconds|sec|minute|minutes between|before|next \
            order|orders|request|requests !link|links|previous|active
        слишком|очень част* запрос*|обращени*|заказ*
        запрос*|заказ* не_более|не_чаще|не_больше|один|одного|одна в_секунду|в_минуту|секунд* !ссылк*
        занадто|надто част*|багато запит*
        solicitudes|peticiones frecuentes|rapido|rapidas|seguidas|por_segundo|por_minuto|limite
        un|una|solo pedido|orden|solicitud por_segundo|por_minuto
        solicitacoes|requisicoes frequentes|rapido|rapidas|por_segundo|por_minuto|limite
        um|uma|apenas pedido|solicitacao por_segundo|por_minuto
        requetes|demandes frequentes|rapides|par_seconde|par_minute|limite
        une|seule commande par_seconde|par_minute
        anfragen haufig|haeufig|schnell|pro_sekunde|pro_minute|limit
        eine|nur bestellung pro_sekunde|pro_minute
        richieste frequenti|veloci|al_secondo|al_minuto|limite
        permintaan|request|pesanan terlalu_sering|terlalu_cepat|per_detik|per_menit
        istek*|siparis cok_sik|cok_hizli|saniyede|dakikada
        zbyt|za czesto|wiele|duzo zapytan|zadan|zapytania|zadania
        te_veel|te_vaak|te_snel verzoeken|aanvragen
        请求|請求|访问|操作|下单|提交 过快|過快|太快|太频繁|太頻繁|每秒|次数过多
        リクエスト|注文 頻繁|多い|速す|毎秒
        요청* 너무|많*|빈번*|초과*
        الطلبات|طلبات متكرره|سريعه|في_الثانيه|في_الدقيقه|متتاليه
        yeu_cau|don_hang qua_nhanh|qua_thuong_xuyen|moi_giay|moi_phut
        अनुरोध अधिक|ज्यादा|जल्दी|सीमा
        คำขอ มากเกินไป|บ่อย|เร็วเกินไป
        درخواست* زیاد|مکرر|بیش_از_حد
        """,
    ),
    (
        "busy_link",
        f"""
        order|orders in_progress|being_processed|is_processing|in_process|is_pending|is_running|in_queue|is_active \
            link|links|url !{_FAILED}
        link|links|url already|being|currently|still processed|processing|process|queue|queued|used|use|progress \
            !{_FAILED}
        link|links|url occupied|in_use|in_progress|in_process|in_queue !{_FAILED}
        enlace|link en_uso|ya_usado|ya_utilizado|en_proceso|en_curso|siendo_procesado|ocupado|repetido !no|invalido
        link em_uso|em_processamento|em_andamento|ja_utilizado|ja_usado|sendo_processado|ocupado|repetido !nao|invalido
        lien deja_utilise|en_cours|en_traitement|utilisation|deja_traite|occupe !pas|invalide
        link bereits|schon|gerade|wird|noch verwendet|verwendung|bearbeitung|verarbeitet|bearbeitet|benutzt !nicht|kein
        link in_verwendung|in_bearbeitung|in_benutzung !nicht|kein
        link in_uso|in_corso|in_elaborazione|in_lavorazione|gia_utilizzato|gia_usato|occupato !non
        link|tautan|url masih|sedang|sudah proses|diproses|digunakan|dipakai|berjalan|antrian|antrean|dikerjakan !tidak
        link*|baglanti* kullanimda|kullaniliyor|isleniyor|islemde|islem_goruyor|devam_ediyor|sirada|mesgul
        ссылк* в_работе|в_обработке|в_очереди|в_процессе|уже_есть|уже_добавлен*|обрабатывается|используется !не|неверн*
        ссылк* заказ* в_работе|в_обработке|в_процессе|выполняется|не_завершен*|незавершен*
        посиланн* вже|в_роботі|обробляється|виконується|використовується|зайнят*|замовлення_не_завершен*
        linku|link|linkiem w_trakcie|w_uzyciu|przetwarzan*|zajety|juz_uzyty !nieprawidlowy
        link al_gebruikt|in_gebruik|wordt_verwerkt|in_behandeling|in_uitvoering !ongeldig|niet
        链接|連結|鏈接 使用中|占用|已被使用|已使用|排队|排隊|未完成 !无效|错误
        リンク 使用中|処理中|進行中|重複|既に !無効
        링크* 사용_중*|처리_중*|진행_중*|중복*|이미 !잘못*
        رابط|الرابط قيد|مستخدم|مكرر|جاري|مشغول !غير
        link|lien_ket dang_xu_ly|dang_su_dung|dang_duoc|da_duoc_su_dung|dang_chay|bi_trung !khong
        लिंक उपयोग|प्रगति|प्रोसेस|प्रक्रिया !अमान्य|गलत
        ลิงก์|ลิงค์ กำลัง|ซ้ำ|ใช้งานอยู่ !ไม่ถูกต้อง
        لینک در_حال|تکراری !نامعتبر
        """,
    ),
    (
        "funds",
        """
        balance|wallet|credit|credits|funds less|lower|smaller|below order|cost|amount|price|charge|total|minimum \
            !members|followers
        balance|wallet empty|negative !field|link|links|page|profile|channel|username|parameter
        balance|wallet|funds|credit|credits not_cover|not_covered|not_suffice|insufficient|used_up|run_out|ran_out|spent
        out_of|ran_out|run_out|lack|need_more balance|coins|money|points
        not_enough|insufficient|not_sufficient|no|low coin|coins|wallet|budget|cash|deposit|deposits
        баланс* меньше|ниже|пуст|пустой|исчерпан|закончил*|отрицательн*|не_покрыва*|не_позволя*|нулевой
        не_хватает|недостаточно|мало|нет монет*|средств*|рублей
        средства|деньги|кредиты закончил*|исчерпан*|израсходован*
        баланс* менш*|нижч*|порожн*|нульов*|вичерпан*|не_вистачає
        saldo|fondos|credito|creditos|dinero agotad*|agotaron|acab*|terminad*|vacio|cero|menor|inferior|no_cubre
        saldo|fundos|credito|creditos|dinheiro esgotad*|acab*|vazio|zerado|menor|inferior|nao_cobre|negativo
        solde|fonds|credit|credits epuise*|vide|nul|inferieur|couvre_pas|negatif
        guthaben|kontostand|saldo leer|erschopft|erschoepft|verbraucht|niedriger|geringer|negativ|deckt_nicht|alle
        saldo|fondi|credito|crediti esaurit*|vuoto|terminat*|finit*|inferiore|negativo|non_copre
        saldo|dana|kredit kosong|nol|minus|kurang|tidak_mencukupi|habis|lebih_kecil
        bakiye*|kredi* bos|sifir|tukendi|bitti|eksi|karsilamiyor|dusuk|az
        saldo|srodki|srodkow puste|zerowe|wyczerpan*|nizsze|mniejsze|skonczyl*|ujemne
        saldo|tegoed leeg|ontoereikend|lager|negatief
        余额|餘額|资金|資金|积分|點數|点数 为0|为空|用完|耗尽|少于|小于|低于|用尽|欠费|没有
        金币|金幣 不足|不够|不夠
        残高 ゼロ|少ない|なし|ない
        잔액*|크레딧*|잔고* 소진*|적*
        رصيدك|رصيد|الرصيد اقل|فارغ|صفر|انتهي|نفذ|لا_يغطي|سالب
        so_du|tien het|bang_0|nho_hon|khong_con|khong_du
        शेष|बैलेंस|क्रेडिट खत्म|समाप्त|शून्य
        ยอดเงิน|เครดิต หมด|น้อยกว่า|ติดลบ
        موجودی|اعتبار تمام|صفر|کمتر
        """,
    ),
    (
        "bad_key",
        f"""
        your user|login|access|panel blocked|banned|suspended|disabled|inactive|deactivated|frozen|revoked|restricted \
            !{THEIRS}
        access denied|forbidden|revoked !{THEIRS}|the|this|user|users|database|table
        доступ* запрещ*|отказан*|заблокирован* !{THEIRS}
        доступ* заборонен*|заблокован* !{THEIRS}
        acceso denegado|prohibido|bloqueado !{THEIRS}
        acesso negado|proibido|bloqueado !{THEIRS}
        acces refuse|interdit|bloque !{THEIRS}
        zugriff|zugang verweigert|gesperrt|verboten|untersagt !{THEIRS}
        accesso negato|vietato|bloccato !{THEIRS}
        akses ditolak|dilarang|diblokir !{THEIRS}
        erisim reddedildi|engellendi|yasak* !{THEIRS}
        dostep zabroniony|zablokowany|odmowa|odmowiono !{THEIRS}
        toegang geweigerd|ontzegd|geblokkeerd !{THEIRS}
        访问|存取|权限|權限 拒绝|拒絕|禁止 !{THEIRS}
        アクセス 拒否|禁止 !{THEIRS}
        접근*|액세스* 거부*|차단*|금지* !{THEIRS}
        الوصول مرفوض|ممنوع|محظور !{THEIRS}
        truy_cap bi_tu_choi|bi_chan|bi_cam !{THEIRS}
        एक्सेस|पहुंच अस्वीकृत|अस्वीकार|निषिद्ध !{THEIRS}
        دسترسی غیرمجاز|مسدود|ممنوع !{THEIRS}
        ваш* аккаунт*|акаунт*|учетн* заблокирован*|забанен*|приостановлен*|отключен*|неактив*|не_актив*|деактивирован* \
            !{THEIRS}
        ваш* акаунт*|обліков* заблокован*|призупинен*|вимкнен*|неактив* !{THEIRS}
        tu|su|vuestra cuenta suspendid*|bloquead*|desactivad*|inhabilitad*|inactiv*|banead* !{THEIRS}
        sua|seu conta suspens*|bloquead*|desativad*|banid*|inativ* !{THEIRS}
        votre compte suspendu|bloque|desactive|banni|inactif !{THEIRS}
        ihr|dein konto|account|zugang gesperrt|deaktiviert|blockiert|inaktiv|gebannt|suspendiert !{THEIRS}
        tuo|suo|vostro account|conto sospes*|bloccat*|disattivat*|disabilitat*|inattiv*|bannat* !{THEIRS}
        anda|kamu akun|account diblokir|ditangguhkan|dinonaktifkan|dibekukan|tidak_aktif|disuspend|dibanned !{THEIRS}
        hesabiniz|hesabin askiya|askida|engellen*|kapatil*|donduruldu|pasif|yasaklan*|bloke|aktif_degil !{THEIRS}
        twoje konto zablokowan*|zawieszon*|nieaktywn*|dezaktywowan* !{THEIRS}
        uw|je|jouw account geblokkeerd|opgeschort|geschorst|gedeactiveerd|inactief|uitgeschakeld !{THEIRS}
        账户|帐户|账号|帐号|帳號|帳戶|賬戶|賬號 被封|已封|封号|封停|锁定|鎖定|冻结|凍結|停用|禁用|封禁|暂停 !{THEIRS}
        アカウント 停止|凍結|無効|ロック !{THEIRS}
        계정* 정지*|차단*|잠겼*|잠긴*|비활성* !{THEIRS}
        حسابك|حسابكم تعليق|معلق|حظر|محظور|ايقاف|موقوف|معطل|تعطيل|مجمد|تجميد|مغلق !{THEIRS}
        tai_khoan_cua_ban bi_khoa|bi_cam|bi_dinh_chi|bi_treo|bi_chan|vo_hieu !{THEIRS}
        आपका_खाता|आपका_अकाउंट निलंबित|अवरुद्ध|ब्लॉक|बंद|निष्क्रिय !{THEIRS}
        บัญชีของคุณ ระงับ|บล็อก|ปิด !{THEIRS}
        حساب_شما مسدود|معلق|غیرفعال !{THEIRS}
        """,
    ),
    (
        "quantity",
        """
        quantity from_to|outside|within|above|below|under|over|allowed|limit|limits
        amount from_to|outside|above !balance|funds|account|wallet
        quantity should|must between|from|minimum|least|most|multiple|divisible|number|numeric
        количеств* диапазон*|предел*|лимит*|кратн*|от_до
        кількіст* від_до|між|менш*|більш*|невірн*
        cantidad minim*|maxim*|rango|fuera|desde_hasta|multiplo|menos|mas
        pedido minimo|maximo !saldo|deposito|recarga
        quantidade minim*|maxim*|faixa|fora|multiplo|menos|mais|ate
        quantite minim*|maxim*|comprise|plage|moins|plus|multiple
        commande minimum|minimale|maximum|maximale !solde|depot
        menge|anzahl|bestellmenge minimum|mindestens|maximum|hochstens|zwischen|von_bis|vielfaches
        mindestbestellmenge|mindestbestellung|hochstbestellmenge|maximalbestellmenge
        quantita minim*|massim*|compres*|fuori|da_a|meno|multiplo
        ordine minimo|massimo !saldo|deposito|ricarica
        jumlah|kuantitas minim*|maksim*|antara|dari_sampai|kelipatan|di_luar
        pesanan|pemesanan minimal|maksimal|minimum|maksimum !saldo|deposit
        adet|miktar*|sayi arasinda|en_az|en_fazla|minimum|maksimum|kucuk|buyuk|dusuk|yuksek|gecersiz
        ilosc|liczba minimal*|maksymal*|miedzy|pomiedzy|od_do|mala|duza|nieprawidlow*
        aantal|hoeveelheid minimaal|minimum|maximaal|maximum|tussen|ongeldig*|laag|hoog
        数量|數量 范围|範圍|不在|介于|至少|至多|不能少于|不能超过|倍数
        最小|最低|最少|最大|最高|最多 下单|订单量|订购量|起订
        数量 以上|以下|最小|最大|範囲
        수량* 최소*|최대*|사이*|범위*|잘못*
        الحد|حد الادني|الاقصي|ادني|اقصي !رصيدك|رصيد|الرصيد|الايداع|ايداع|الشحن
        الكميه|العدد بين|اكبر|اصغر|اقل|اكثر
        so_luong toi_thieu|toi_da|trong_khoang|tu_den|it_nhat
        मात्रा न्यूनतम|अधिकतम|से_तक
        จำนวน ขั้นต่ำ|สูงสุด|ระหว่าง|อย่างน้อย
        تعداد حداقل|حداکثر|بین
        """,
    ),
    (
        "temporary",
        """
        system|server|service|site|panel busy|overloaded|overload
        retry|try_again minutes|minute|moment|moments|seconds|while|shortly|soon|hour|hours
        систем*|сервер*|сервис* перегружен*|занят*
        попробуйте|повторите|попытайтесь минут*|секунд*|немного
        систем*|сервер* перевантажен*|зайнят*
        спробуйте|повторіть пізніше|хвилин*
        sistema|servidor ocupado|saturado|sobrecargado|sobrecarregado
        intente|intentelo|intenta|tente minutos|momento|momentos|instantes
        systeme|serveur occupe|surcharge
        system|server ausgelastet|uberlastet|ueberlastet|beschaftigt
        versuch* minuten|sekunden|moment
        sistema|server occupato|sovraccarico
        sistem|server sibuk|penuh|gangguan
        sistem|sunucu mesgul|yogun
        dakika sonra deneyin|deneyiniz
        system|serwer zajety|przeciazony
        sprobuj|prosze pozniej|ponownie minut|chwile
        systeem|server bezet|overbelast
        probeer later|minuten
        系统|系統|服务器|伺服器|服務器 繁忙|忙碌|过载|過載
        サーバー|システム 混雑|ビジー
        서버*|시스템* 혼잡*|과부하*|바쁩*
        النظام|الخادم|السيرفر مشغول|مزدحم
        حاول بعد|لاحقا|دقائق
        he_thong|may_chu dang_ban|qua_tai
        सर्वर|सिस्टम व्यस्त
        ระบบ ไม่ว่าง|ยุ่ง
        سیستم|سرور شلوغ|مشغول
        """,
    ),
)
