"""Closed lists of words: a text in which there is another one may come from somebody else than the
provider.
"""

# What may stand beside the words of panel.refusal_words.DEFINITE without a doubt about who speaks.
# No word of servers, networks, databases, frameworks or programming is here, and none may come.
HARMLESS = """
a an the this that these your you have has had is are was were be been being on in at of to for from with and or by as
it its we our i my do does did s can could may will would should must need needs please sorry error errors err new
neworder order orders place placed placing create created creating start started not no more less than then so first
again before after until when while already another other same currently current now amount total sum charge cost
price pay add top up recharge deposit account accounts wallet user customer client contact support wait try later
minute minutes second seconds complete completed finished per only allowed there due because make made submit
submitted ticket admin enough very too lower higher wrong failed fail rejected refused declined denied perform request
bad

на в по для с и у вас ваш вашем вашего вашей вашу счете счету счета не эта этой эту этого этот уже есть от до
пожалуйста заказ заказа заказов заказы ошибка пополните пополнить сначала оформления создания этим чтобы сейчас

en de su tu la el los las para por favor este esta esto ya un una con no tiene tienes hay y es cuenta error pedido
recargue recarga usted

na da do para o os as seu sua um uma este esta voce tem nao conta erro pedido

le les des du votre vous avez une pour sur ce cet cette il n ne pas compte erreur commande veuillez recharger

der die das ihr ihre ihren ihrem ihres auf dem den ein eine einen ist fur fuer diesen dieser dieses sie haben es gibt
nicht bitte fehler konto bestellung um zu mit dein deine

lo i gli del della per questo questa e non ha hai tuo conto errore ordine

anda kamu untuk di ke ini pada akun silakan isi ulang kesalahan pesanan tidak

hesabinizda hesap lutfen icin bu hata siparis sizin yukleyin

您 您的 你的 账户 帐户 账号 请 先 当前 用户 的 充值 后 再 试 已 该 此 可用 了 订单

في حسابك لديك حساب هذا هذه ليس من فضلك الحساب خطا طلب لهذا علي

cua ban tai khoan trong nay vui long nap tien don hang loi

में आपके आपका खाते है इस कृपया का के लिए त्रुटि

demasiado muy

melakukan masih

以 支付 足以

لإتمام لنفس

w koncie twoim tego je uw het op voor
"""

# What anybody writes, and nobody repeats alone out of a longer text. None of them alone stops the
# shop.
COMMON = """
a an the this that these your you i me my we our it its he she they have has had is are was were be been being on in at
of to for from with and or by as so no not do does did can will would should must need needs please too many much more
most less least enough very new now only all any some again already another other same still before after if then than
when while who what how here there up out one just get got like
order orders link links url page profile post posts video channel media group user username users name service services
quantity amount number account accounts comment comments customer client

не нет и в на по для с у вы ваш это уже много мало слишком ссылка ссылку заказ аккаунт
no de en su tu la el los las para por con un una ya muy mas es tiene hay sin enlace pedido cuenta
nao na da do os as seu sua um uma muito com sem
pas le les des du une pour sur ce trop plus lien compte
nicht kein keine der die das den dem ein eine ist auf fur zu mit konto
non lo gli il di e per questo questa troppo
tidak di ke ini untuk yang pada sudah akun tautan
bu bir ve icin cok degil yok var hesap
"""
